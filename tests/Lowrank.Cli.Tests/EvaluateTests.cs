using System.Text.Json;

namespace Lowrank.Cli.Tests;

/// <summary><c>lowrank evaluate</c>.</summary>
public class EvaluateTests
{
    static readonly string cases = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "language");

    static string Case(string name) => Path.Combine(cases, name);

    static Cli.Result Run(params string[] more) => Cli.Run(["evaluate", .. more, "-m", Case("bases/chat"), "--device", "cpu", "--precision", "f32"]);

    [Fact]
    public void BaseAndAdaptersStandInOneTable()
    {
        var result = Run(Case("perplexity/text.jsonl"), "-a", Case("adapters/lyon"), "-a", Case("adapters/lyon") + ":0.5").Ended(0);
        string[] heading = result.Out.Split('\n').First(line => line.StartsWith("measure", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["measure", "over", "base", "lyon", "lyon-2:0.5"], heading);
        Assert.Contains("414.265", result.Out.Split('\n').First(line => line.StartsWith("perplexity", StringComparison.Ordinal)));
        Assert.Contains("the task is perplexity", result.Error);
    }

    [Fact]
    public void FiguresArePrintedAsJson()
    {
        var report = JsonDocument.Parse(Run(Case("null-answers/messages.jsonl"), "--json").Ended(0).Out).RootElement;
        Assert.Equal(("answers", 3), (report.GetProperty("task").GetString(), report.GetProperty("rows").GetInt32()));
        Assert.Contains(report.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("left out: 2, 4, 5.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "--limit is 0", "--limit", "0"), InlineData(2, "no task \"blmp\"", "--task", "blmp"), InlineData(1, "pairs needs", "--task", "pairs")]
    [InlineData(1, "no token \"<|begin|>\"", "--begin", "<|begin|>")]
    public void WhatCannotBeIsToldByItsOption(int code, string told, params string[] options) =>
        Assert.Contains(told, Run([Case("perplexity/text.jsonl"), .. options]).Ended(code).Error);
}
