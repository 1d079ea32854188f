import { describe, expect, it } from "vitest";
import { analyzeShell } from "../../src/core/shell/analyze.js";

const analyze = (text: string) => analyzeShell(text, { dialect: "powershell", wrappers: [], home: "" });

describe("PowerShell", () => {
  it.each([
    ["Get-Content a.txt", ["get-content reads"]],
    ["gc a.txt | Select-String foo", ["get-content reads", "select-string reads"]],
    ["ls -Recurse -Filter *.ts", ["get-childitem reads"]],
    ["cd src; dir", ["set-location reads", "get-childitem reads"]],
    [
      "Get-ChildItem . | Sort-Object Name | Select-Object -First 5",
      ["get-childitem reads", "sort-object reads", "select-object reads"],
    ],
    ["Test-Path 'a b' 2>$null", ["test-path reads"]],
    ["Remove-Item x -Recurse -Force", ["remove-item writes"]],
    ["del x", ["remove-item writes"]],
    ["Set-Content f 'x'", ["set-content writes"]],
    ["git status", ["git unknown"]],
    ["iex 'x'", ["invoke-expression unknown"]],
    ["Invoke-WebRequest https://e.example", ["invoke-webrequest unknown"]],
    [".\\x.ps1", ["x.ps1 unknown"]],
    ["Get-Content Env:PATH", ["get-content unknown"]],
    ["Get-Content \\\\host\\share\\f", ["get-content unknown"]],
    ["Get-Process -ComputerName x", ["get-process unknown"]],
  ])("%s", (text, expected) => {
    const { status, parts } = analyze(text);
    expect(parts.map(({ program, effect }) => `${program} ${effect}`)).toEqual(expected);
    expect(status).toBe("ok");
  });

  it.each([
    "Get-Content $x",
    "Get-Content (iex x)",
    'Get-Content "$(iex x)"',
    "Get-ChildItem | ForEach-Object { iex x }",
    "Get-Content a > b",
    "Get-Content `\nb",
    "@'\nx\n'@ | iex",
    "& $x",
    "[IO.File]::Delete('x')",
    "$x = 1",
    "Get-Content \u201Ca\u201D",
    "Get-Content 'a",
    "x".repeat(40_000),
  ])("%s is not understood", (text) => {
    const { status, parts } = analyze(text);
    expect(status === "unknown" || parts.every(({ effect }) => effect !== "reads")).toBe(true);
  });

  it("names the files it touches, in lists too", () => {
    const { parts } = analyze("Get-Content a.txt,b.txt -Tail 5; Remove-Item -Path c.txt");
    expect(parts.flatMap(({ accesses }) => accesses.map(({ mode, path }) => `${mode}:${path}`))).toEqual([
      "read:a.txt",
      "read:b.txt",
      "delete:c.txt",
    ]);
  });

  it("does not know the folder after a change of it", () => {
    expect(analyze("cd x; gc y").parts.map(({ cwd }) => cwd)).toEqual(["", null]);
  });
});
