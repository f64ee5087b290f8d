namespace Lowrank.Workbench.Tests;

/// <summary>Grids over the options of pictures.</summary>
public sealed class GridJobTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    GridRequest Request(string output, params string[] axes) => new(
        new(EmojiModel.Folder, ["cat face"], [5], folder[output]) { Options = new() { Steps = 2 }, Precision = "f32", Device = "cpu" },
        [.. axes.Select(axis => GridAxisText.Read(axis))]);

    [Fact]
    public void APictureIsDrawnForEachCellAndAllOfThemInOne()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var told = new List<JobEvent>();

        var report = new GridJob(shelf).Run(
            Request("grid", $"strength: 0, 1.5", $"adapter: {folder["tiny.safetensors"]}, none"), new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal(5, report.Files.Count);
        var pictures = report.Files.Take(4).Select(file => PictureFile.Read(file).Pixels).ToList();
        // Adapter against strength: only with both are there another picture's pixels.
        Assert.Equal(pictures[2], pictures[3]);
        Assert.Equal(pictures[0], pictures[2]);
        Assert.NotEqual(pictures[1], pictures[0]);
        var info = InfoText.Parse(PictureFile.ReadInfoText(report.Files[^1])!);
        Assert.Equal(("X/Y/Z plot", "Strength", "0, 1.5"), (info["Script"], info["X Type"], info["X Values"]));
        Assert.Single(told.OfType<JobProgress>(), progress => progress is { Stage: "grid", IsDone: true });
    }

    [Fact]
    public void IntoAFileGoesTheGridAlone()
    {
        using var shelf = new ModelShelf();

        var report = new GridJob(shelf).Run(Request("all.png", "seed: 5,6"), null, TestContext.Current.CancellationToken);

        Assert.Equal([folder["all.png"]], report.Files);
        Assert.Equal([folder["all.png"]], Directory.GetFiles(Path.GetDirectoryName(folder["all.png"])!));
    }

    [Fact]
    public void ARangeOfNothingIsAnErrorThatSaysWhy()
    {
        using var shelf = new ModelShelf();
        var error = Assert.Throws<LowrankException>(() => new GridJob(shelf).Run(Request("x.png", "steps: 5-1"), null, TestContext.Current.CancellationToken));

        Assert.Contains("5-1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stps: 1,2", "Steps")]
    [InlineData("steps", "steps: 10,20,30")]
    [InlineData("sampler: eulr", "euler")]
    [InlineData("size: 64", "512x768")]
    [InlineData("strength: 1", "--adapter")]
    [InlineData("denoising: 0.5", "--init or --hires")]
    [InlineData("adapter: no-such.safetensors", "no-such.safetensors")]
    public void AWrongAxisOrValueIsToldBeforeAnythingIsDrawn(string axis, string advice)
    {
        using var shelf = new ModelShelf();
        var error = Assert.Throws<LowrankException>(() => new GridJob(shelf).Run(Request("x.png", axis), null, TestContext.Current.CancellationToken));

        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void SeveralPromptsOrSeedsBelongOnAnAxis()
    {
        var request = Request("x", "steps: 1");
        var faults = (request with { Each = request.Each with { Prompts = ["a", "b"], Seeds = [1, 2, 3] } }).Faults().ToList();

        Assert.Contains(faults, fault => fault.Contains("prompt: ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("seed: 1-3", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryAxisSetsSomething()
    {
        var request = Request("x", "steps: 1").Each with
        {
            Prompts = ["1 2"],
            Adapters = [new("a.safetensors")],
            Options = new() { NegativePrompt = "1" },
            Change = new("a.png"),
        };
        foreach (var axis in GeneratingAxes.All)
        {
            var text = axis.Label switch { "Sampler" => "heun", "Schedule" => "simple", "Size" => "32x16", "Prompt S/R" or "Prompt order" => "2,1", _ => "3,3" };
            var values = GridValues.Read(text, axis.Kind);
            Assert.True(!request.Equals(axis.Set(request, values[^1], values)), axis.Label);
        }
    }
}
