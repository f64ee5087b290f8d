using Spectre.Console;

namespace Lowrank.Cli.Tests;

/// <summary>Tables on terminals of whatever width.</summary>
public class ResultTableTests
{
    static string Drawn(int width, string name = "models/a-model-of-a-long-name")
    {
        var table = new ResultTable("file", "kind", "size");
        table.AddRow(Cell.Of(name), Cell.Of("base model"), Cell.Right("86.4 kB"));
        table.AddRow(Cell.Of("adapter"), Cell.Of(""), Cell.Right("3 kB"));
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = width;
        table.Write(console, isRuled: true);
        return writer.ToString().ReplaceLineEndings("\n");
    }

    [Fact]
    public void WhatFitsIsRuledToTheLastColumn()
    {
        string[] lines = Drawn(56).TrimEnd('\n').Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.All(lines, line => Assert.Equal(56, line.TrimEnd().Length));
    }

    [Fact]
    public void ANameOfWideCharactersIsNotCut()
    {
        const string Name = "模型/一个名字很长的模型二三四五";   // 16 characters in 31 cells
        Assert.Contains(Name, Drawn(56, Name), StringComparison.Ordinal);
        Assert.Contains(Name, Drawn(45, Name), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsTooWideIsWrittenAsLinesAndNothingIsCut() => Assert.Equal(
        "file  models/a-model-of-a-long-name\nkind  base model\nsize  86.4 kB\n\nfile  adapter\nsize  3 kB\n", Drawn(55));
}
