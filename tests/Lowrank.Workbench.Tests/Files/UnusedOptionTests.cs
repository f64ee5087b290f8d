namespace Lowrank.Workbench.Tests;

/// <summary>Options that were given and had no effect on the files at hand are told.</summary>
public sealed class UnusedOptionTests : IDisposable
{
    static readonly string lyon = WritingCases.Of("adapters/lyon");
    static readonly BaseModelChoice wide = new(WritingCases.Base, new() { AllowUnmatched = true, Config = WritingCases.Base });

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static void Tells(IReadOnlyList<string> notes)
    {
        Assert.Contains("`allow unmatched` was not needed: every key has its place.", notes);
        Assert.Contains(notes, note => note.StartsWith("`model config`", StringComparison.Ordinal) && note.Contains("is not used", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryJobOnAdaptersTellsWhatItsBaseModelDidNotNeed()
    {
        Tells(RunJobs.Convert(new(lyon, folder["converted"]) { Base = wide }).Notes);
        Tells(RunJobs.Convert(new(WritingCases.Base, folder["model"]) { Base = wide with { Path = null } }).Notes);
        Tells(RunJobs.Resize(new(lyon, new(folder["resized"], null), new() { Rank = 2 }) { Base = wide, Device = "cpu" }).Notes);
        Tells(RunJobs.Merge(new(folder["merged"]) { Base = wide, Adapters = [new(lyon)], Device = "cpu" }).Notes);
        Tells(RunJobs.Merge(new(folder["one"]) { Base = wide, Adapters = [new(lyon)], Method = "cat", Device = "cpu" }).Notes);
        Tells(RunJobs.Merge(new(folder["mixed"]) { Base = wide, Others = [new(folder["merged"], 0.5)], Device = "cpu" }).Notes);
        Tells(RunJobs.Verify(new(lyon, lyon) { Base = wide, Device = "cpu" }).Notes);
        var extracting = new ExtractingRequest(wide, folder["merged"], new(folder["extracted"], null)) { Ranks = new() { Rank = 2 }, Device = "cpu" };
        Tells(new ExtractingJob().Run(extracting, null, TestContext.Current.CancellationToken).Notes);
    }

    [Fact]
    public void WhatASingleFileBesideAFolderNeedsIsNotToldAsUnused()
    {
        string file = folder["emoji.safetensors"], config = EmojiModel.Folder;
        CheckpointConversion.ToFile(EmojiModel.Folder, file, cancel: TestContext.Current.CancellationToken);
        var both = new BaseModelChoice(EmojiModel.Folder, new() { AllowUnmatched = true, Config = config });
        using var from = ModelKinds.Outline(EmojiModel.Folder);
        using var to = ModelKinds.Outline(file, both.Options);
        Assert.Empty(both.Unused(leftOut: false, (EmojiModel.Folder, from), (file, to)));
        Assert.Contains($"{EmojiModel.Folder} is none.", both.Unused(from, leftOut: false).First(), StringComparison.Ordinal);
        var merging = new MergingRequest(folder["merged"]) { Base = both, Others = [new(file, 0.5)], Device = "cpu" };
        Assert.DoesNotContain(RunJobs.Merge(merging).Notes, note => note.Contains("allow unmatched", StringComparison.Ordinal) || note.Contains("model config", StringComparison.Ordinal));
    }

    [Fact]
    public void TextEncodersLevelsAreToldWhereThereAreNone()
    {
        var report = RunJobs.Convert(new(lyon, folder["converted"]) { OptionalLevels = true });
        Assert.Contains("`text model` is not used: the adapter has no layers of a text encoder.", report.Notes);
    }

    [Fact]
    public void ARuleThatKeepsNothingIsTold()
    {
        var report = RunJobs.Resize(new(lyon, new(folder["resized"], null), new() { Rule = "energy", Parameter = 0 }));
        Assert.Contains(report.Notes, note => note.Contains("no singular value that energy 0 keeps", StringComparison.Ordinal));
        Assert.Equal("energy 0", report.Rule);
    }

    [Fact]
    public void ASparseBiasOutsideOfItsRangeIsAFaultOfTheRequest() => Assert.Contains("`sparse bias` is 2; it must be between 0 and 1.",
        Assert.Throws<RequestException>(() => new ExtractingJob().Run(
            new(new(WritingCases.Base), WritingCases.Base, new(folder["extracted"], null)) { Ranks = new() { Rank = 2 }, SparseBias = 2 }, null, TestContext.Current.CancellationToken)).Message);
}
