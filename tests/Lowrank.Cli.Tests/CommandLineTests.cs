using System.CommandLine;
using System.CommandLine.Completions;
using System.Runtime.InteropServices;
using Lowrank.Training;

namespace Lowrank.Cli.Tests;

/// <summary>A call makes the commands that it can ask for, and no others.</summary>
public class CommandLineTests
{
    static readonly IEnumerable<string> all = CommandLine.Commands.Select(command => command.Name);

    [Fact]
    public void TheTableCallsCommandsAsTheyCallThemselves() => Assert.Equal(all, CommandLine.Commands.Select(command => command.Make().Name));

    [Fact]
    public void ACallMakesTheCommandThatItNamesAndWhatItsVersionNeedsIsNone()
    {
        Assert.Equal(["train"], Made("train", "--help"));
        Assert.Empty(Made("--version"));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("trian")]
    [InlineData("[suggest:9]", "lowrank t")]
    [InlineData("--version", "train")]
    public void AnyOtherCallMakesThemAll(params string[] args) => Assert.Equal(all, Made(args));

    static readonly (string Spelled, string Plain)[] dtypes =
    [
        ("f16", "f16"), ("fp16", "f16"), ("float16", "f16"), ("half", "f16"), ("bf16", "bf16"), ("bfloat16", "bf16"), ("BF16", "bf16"),
        ("f32", "f32"), ("fp32", "f32"), ("float32", "f32"), ("float", "f32"),
    ];

    [Fact]
    public void EveryOptionThatTakesADtypeTakesEverySpellingOfIt()
    {
        var seen = new List<string>();
        foreach (var (name, make) in CommandLine.Commands)
            foreach (var option in make().Options)
            {
                var words = option.CompletionSources.SelectMany(source => source(CompletionContext.Empty)).Select(item => item.Label).ToHashSet();
                if (!words.Contains("bf16")) continue;
                seen.Add($"{name} {option.Name}");
                foreach (var (spelled, _) in dtypes.Where(one => words.Contains(one.Plain)))
                    Assert.DoesNotContain(CommandLine.Root([name]).Parse([name, option.Name, spelled]).Errors, error => error.Message.Contains(spelled, StringComparison.Ordinal));
                if (name != "train") Assert.Contains(CommandLine.Root([name]).Parse([name, option.Name, "f8"]).Errors, error => error.Message.Contains("f8", StringComparison.Ordinal));
            }
        Assert.Superset(new HashSet<string> { "generate --precision", "convert --dtype", "merge --dtype", "extract --dtype", "resize --dtype", "train --precision", "train --save-dtype" }, seen.ToHashSet());
    }

    [Fact]
    public void EveryCommandKnowsItsModelByBothNames()
    {
        string[] both = ["--model", "--base-model"];
        var seen = new List<string>();
        foreach (var (name, make) in CommandLine.Commands)
            foreach (var option in make().Options.Where(one => one.Aliases.Append(one.Name).Intersect(both).Any()))
            {
                Assert.True(both.All(option.Aliases.Append(option.Name).Contains), $"{name} {option.Name}");
                seen.Add(name);
            }
        Assert.Equal(
            ["demo", "train", "generate", "write", "chat", "tokenize", "evaluate", "convert", "merge", "extract", "resize", "verify"], seen);
    }

    [Fact]
    public void WhatOtherProgramsCallAnOptionIsOneOfWritingTalkingOrMeasuring()
    {
        var options = new Command[] { new WriteCommand(), new ChatCommand(), new EvaluateCommand() }
            .SelectMany(command => command.Options).Select(option => option.Name).ToHashSet();
        Assert.All(WritingProgramOptions.Table, row => Assert.Contains(row.Value.Split(' ')[0], options));
        Assert.All(WritingProgramOptions.Table.Keys, name => Assert.Equal(string.Concat(name.Where(char.IsAsciiLetterLower)), name));
    }

    [Fact]
    public void WhatTakesLessMemoryIsOfTheCommandAtHand()
    {
        string Told(Command? command) => Faults.Describe(new InsufficientMemoryException(), command).Message;
        Assert.Contains("fewer texts at once (--batch)", Told(new WriteCommand()));
        Assert.DoesNotContain("--batch", Told(new ChatCommand()));
        Assert.Contains("fewer pictures", Told(new GenerateCommand()));
    }

    sealed class Writer(bool isWithinText) : IHearsInterrupts
    {
        public bool Interrupt() => false;

        public bool IsWithinText => isWithinText;
    }

    [Theory, InlineData(true), InlineData(false)]
    public void TheSecondInterruptEndsTheProcessAlsoWithinAText(bool isWithinText)
    {
        using var interruption = new Interruption(new Writer(isWithinText));
        var (first, second) = (new PosixSignalContext(PosixSignal.SIGINT), new PosixSignalContext(PosixSignal.SIGINT));
        interruption.OnSignal(first);
        Assert.True(first.Cancel && interruption.Token.IsCancellationRequested);
        interruption.OnSignal(second);
        Assert.False(second.Cancel);
    }

    [Fact]
    public void EveryFieldOfARecipeThatTakesADtypeTakesEverySpellingOfIt()
    {
        foreach (var field in Recipes.Chapters.SelectMany(chapter => chapter.Fields).Where(field => field.Words?.Invoke().Contains("bf16") == true))
            foreach (var (spelled, plain) in dtypes.Where(one => field.Words!().Contains(one.Plain)))
                Assert.Equal(plain, field.Get(field.With(Recipes.Empty(), spelled)));
    }

    static IEnumerable<string> Made(params string[] args) => CommandLine.Root(args).Subcommands.Select(command => command.Name);
}
