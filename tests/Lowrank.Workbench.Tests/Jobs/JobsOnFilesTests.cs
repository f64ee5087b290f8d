namespace Lowrank.Workbench.Tests;

/// <summary>The jobs on files, one after the other, as a server would call them.</summary>
public sealed class JobsOnFilesTests : IDisposable
{
    static readonly BaseModelChoice emoji = new(EmojiModel.Folder);

    readonly TemporaryFolder folder = new();
    readonly List<JobEvent> told = [];

    public JobsOnFilesTests() => EmojiModel.WriteLora(folder["tiny.safetensors"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsMergedIntoAModelIsExtractedFromItAgain() => LeakGuard.NoTensorLeaks(() =>
    {
        var merged = Run(new MergingJob(), new MergingRequest(folder["merged"])
        {
            Base = emoji,
            Adapters = [new(folder["tiny.safetensors"])],
            Dtype = ScalarType.Float32,
            Device = "cpu",
        });
        Assert.True(merged.Changed > 0);

        var output = new AdapterOutput(folder["extracted.safetensors"], "kohya", ScalarType.Float32);
        var extracted = Run(new ExtractingJob(), new ExtractingRequest(emoji, folder["merged"], output)
        {
            Ranks = new() { Rank = 2 },
            UnetOnly = true,
            FullSvd = true,
            Device = "cpu",
        });
        Assert.Equal(merged.Changed, extracted.Layers.Count);

        var verified = Run(new VerifyingJob(), new VerifyingRequest(folder["tiny.safetensors"], output.Path)
        {
            Base = emoji,
            Tolerance = 0.01,   // the merge was rounded where the base's weights are larger than the change
            Device = "cpu",
        });
        Assert.True(verified.Equal, $"{verified.Largest} at {verified.LargestAt}");
    });

    [Fact]
    public void AnAdapterIsResizedConvertedAndLookedAt() => LeakGuard.NoTensorLeaks(() =>
    {
        var small = new AdapterOutput(folder["small.safetensors"], "kohya");
        Run(new ResizingJob(), new ResizingRequest(folder["tiny.safetensors"], small, new() { Rank = 1 }) { Base = emoji, Device = "cpu" });
        var request = new ConvertingRequest(small.Path, folder["other.safetensors"]) { Base = emoji, Dialect = "diffusers" };
        Assert.Equal("diffusers", Run(new ConvertingJob(), request).To);
        var report = Assert.Single(Run(new InspectingJob(), new InspectingRequest(request.Output) { Norms = true }));
        Assert.Equal("diffusers", report.Adapter!.Dialect);
        Assert.Equal(["1"], report.Adapter.Ranks.Keys);
    });

    [Theory]
    [InlineData(null, "1")]
    [InlineData(3, "3")]
    public void AnAdapterOfSeveralHasTheRankOfTheRequestOrElseThatOfItsOptions(int? rank, string ranks)
    {
        var request = new MergingRequest(folder["both.safetensors"])
        {
            Base = emoji,
            Adapters = [new(folder["tiny.safetensors"]), new(folder["tiny.safetensors"], 0.5)],
            Method = "svd",
            Rank = rank,
            Combining = new() { Rank = RankChoice.Fixed(1) },
            Device = "cpu",
        };
        Assert.Equal([ranks], Run(new MergingJob(), request).Ranks!.Keys);
    }

    [Fact]
    public void AnAdapterThatIsToBeInNoDialectKeepsItsOwn()
    {
        var report = Run(new ConvertingJob(), new(folder["tiny.safetensors"], folder["x.safetensors"]));
        Assert.Equal(("kohya", "kohya"), (report.From, report.To));
    }

    TReport Run<TRequest, TReport>(Job<TRequest, TReport> job, TRequest request) where TRequest : IJobRequest
    {
        told.Clear();
        var report = job.Run(request, new Reported<JobEvent>(told.Add), CancellationToken.None);
        foreach (var stage in told.OfType<JobProgress>().GroupBy(progress => progress.Stage))
        {
            Assert.Equal([.. stage.Select(progress => progress.Done).Order()], stage.Select(progress => progress.Done));
            Assert.All(stage, progress => Assert.True(progress.Total is null || progress.Done <= progress.Total));
            Assert.Equal(1, stage.Last().Share);
        }
        return report;
    }
}
