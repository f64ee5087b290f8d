namespace Lowrank.Workbench.Tests;

/// <summary>Grids that are drawn again by their texts.</summary>
public sealed class RepeatedGridTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    GeneratingRequest Each(string output) => new(EmojiModel.Folder, ["cat face, red"], [5], folder[output])
    {
        Options = new() { Steps = 2, Width = 32, Height = 32 },
        Precision = "f32",
        Device = "cpu",
        Given = GivenSampling.None,
    };

    // What a call with nothing but the picture knows.
    GeneratingRequest Unknowing(string output) =>
        new(EmojiModel.Folder, [], [], folder[output]) { Precision = "f32", Device = "cpu", Given = GivenSampling.None, Overwrite = true };

    string Adapter()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        return folder["tiny.safetensors"];
    }

    void AssertDrawnAgain(GridRequest request, ModelShelf shelf)
    {
        string first = new GridJob(shelf).Run(request, null, TestContext.Current.CancellationToken).Files[^1];
        AssertFileDrawnAgain(first, shelf);
    }

    void AssertFileDrawnAgain(string first, ModelShelf shelf)
    {
        var grid = RepeatedGrid.OfFile(first)!;
        var each = RepeatedGrid.EachOfFile(first, Unknowing("again.png") with { Look = grid.Look }, name => folder[$"{name}.safetensors"]);
        Assert.Empty(each.NotHonoured);
        var report = grid.IsSeries
            ? new GeneratingJob(shelf).Run(each.Request, null, TestContext.Current.CancellationToken)
            : new GridJob(shelf).Run(grid.Over(each.Request), null, TestContext.Current.CancellationToken);
        string again = report.Files[^1];
        Assert.Equal(PictureFile.ReadInfoText(first), PictureFile.ReadInfoText(again));
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(again));
    }

    [Theory]
    [InlineData("steps: 1,2", "sampler: dpm++2m, euler")]
    [InlineData("sampler: Euler a, dpm++2m Karras", "schedule: karras, automatic")]
    [InlineData("seed: -1, 3", "guidance: 1-3 [2]")]
    [InlineData("prompt s/r: red, \"blue, dark\"", "negative: , green")]
    [InlineData("prompt order: red, face")]
    [InlineData("size: 32x16, 16x32", "clip skip: 1,2")]
    [InlineData("variation seed: 7-8", "variation strength: 0,0.5")]
    [InlineData("compat: a1111, none", "rng: nv, cpu")]
    [InlineData("hires: 1.5,2", "hires upscaler: Latent, Lanczos")]
    [InlineData("pag: 0, 2", "freeu: none, \"1.1,1.2,0.9,0.2\"", "guidance rescale: 0,0.5")]
    public void AGridOverOptionsIsTheSameFile(params string[] axes)
    {
        using var shelf = new ModelShelf();
        AssertDrawnAgain(new(Each("first.png"), [.. axes.Select(axis => GridAxisText.Read(axis))]), shelf);
    }

    [Fact]
    public void AGridOverAdaptersAndStrengthsIsTheSameFileWhereTheFirstHasNone()
    {
        string tiny = Adapter();
        using var shelf = new ModelShelf();
        AssertDrawnAgain(new(Each("a.png"), [GridAxisText.Read($"adapter: none, {tiny}"), GridAxisText.Read("strength: 0,1")]), shelf);
        AssertDrawnAgain(new(Each("b.png") with { Adapters = [new(tiny, 0.5)] }, [GridAxisText.Read("adapter strength: 0,1")]), shelf);
        AssertDrawnAgain(new(Each("c.png") with { Adapters = [new(tiny, 0.5)] }, [GridAxisText.Read($"adapter: {tiny}:0.25, none")]), shelf);
    }

    [Fact]
    public void AnAdapterThatAnAxisNamesNeedsNoOtherPlace()
    {
        string tiny = Adapter();
        var axes = new[] { GridAxisText.Read("adapter strength: 0,1"), GridAxisText.Read($"adapter: {tiny}") };
        using var shelf = new ModelShelf();
        string first = new GridJob(shelf).Run(new(Each("a.png"), axes), null, TestContext.Current.CancellationToken).Files[^1];
        Assert.Empty(RepeatedGrid.EachOfFile(first, Unknowing("again.png"), _ => null).NotHonoured);
    }

    [Fact]
    public void AnAdapterThatAllCellsHaveIsMissedWhereItIsNotFound()
    {
        var each = Each("a.png") with { Adapters = [new(Adapter(), 0.5)] };
        using var shelf = new ModelShelf();
        string first = new GridJob(shelf).Run(
            new(each, [GridAxisText.Read("adapter strength: 0,1")]), null, TestContext.Current.CancellationToken).Files[^1];
        string told = Assert.Single(RepeatedGrid.EachOfFile(first, Unknowing("again.png"), _ => null).NotHonoured);
        Assert.Contains("names an adapter that there is not", told, StringComparison.Ordinal);
    }

    [Fact]
    public void ItsLookAndItsSeedsComeAgain()
    {
        using var shelf = new ModelShelf();
        var plain = Each("first.png") with { Look = new(Margin: 1, Legend: false), Seeds = [GridRequest.Chance] };
        AssertDrawnAgain(new(plain, [GridAxisText.Read("steps: 1,2")]) { DrawsSeeds = true }, shelf);
        AssertDrawnAgain(new(Each("second.png"), [GridAxisText.Read("steps: 1,2"), GridAxisText.Read("cfg: 1,2", variesSeed: true)]), shelf);
    }

    [Theory]
    [InlineData("a fox|snow|night", "")]
    [InlineData("a fox|snow", "start")]
    [InlineData("a fox|snow, red|night", "blanks, seeds")]
    [InlineData("dark|blurry", "negative")]
    public void AMatrixIsTheSameFile(string text, string options)
    {
        var form = MatrixForm.Of(options.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var each = form.OfNegative ? Each("m.png") with { Options = Each("").Options with { NegativePrompt = text } } : Each("m.png") with { Prompts = [text] };
        using var shelf = new ModelShelf();
        AssertDrawnAgain(new(each, []) { Matrix = form }, shelf);
    }

    [Fact]
    public void PromptsDownAndSeedsAcrossAreTheSameFileToo()
    {
        using var shelf = new ModelShelf();
        foreach (long[] seeds in (long[][])[[5, 9], [7]])
        {
            var request = Each($"{seeds[0]}.png") with { Prompts = ["a cat, red", "pen"], Seeds = seeds, Grid = true };
            AssertFileDrawnAgain(new GeneratingJob(shelf).Run(request, null, TestContext.Current.CancellationToken).Files[^1], shelf);
        }
    }

    [Theory]
    [InlineData("a1111", "compat: a1111, none")]
    [InlineData("none", "compat: a1111, none")]
    [InlineData("none", "compat: none, a1111")]
    [InlineData("a1111", "compat: comfyui, diffusers, a1111")]
    public void EachProgramReadsPromptsItsOwnWayAgain(string program, string axis)
    {
        var each = Each("first.png");
        each = each with
        {
            Prompts = ["(cat:1.4) [red|blue]\n# left out"],
            Options = each.Options.In(Compat.Named(program)),
            Reading = new() { Comments = null, Tags = null },
        };
        using var shelf = new ModelShelf();
        AssertDrawnAgain(new(each, [GridAxisText.Read(axis)]), shelf);
    }

    [Fact]
    public void ACellOfAProgramIsThePictureThatTheProgramDraws()
    {
        using var shelf = new ModelShelf();
        var plain = Each("grid") with { Prompts = ["(cat:1.4) [red|blue]\n# left out"], Reading = new() { Comments = null, Tags = null } };
        string[] cells = [.. new GridJob(shelf).Run(new(plain, [GridAxisText.Read("compat: none, a1111")]), null, TestContext.Current.CancellationToken).Files];
        foreach (var (program, file) in Compat.All.Take(2).Zip(cells))
        {
            var alone = plain with { Output = folder[$"{program.Name}.png"], Options = plain.Options.In(program) };
            string drawn = new GeneratingJob(shelf).Run(alone, null, TestContext.Current.CancellationToken).Files[^1];
            Assert.Equal(PictureFile.Read(drawn).Pixels, PictureFile.Read(file).Pixels);
        }
    }

    [Fact]
    public void ASyntaxThatIsTypedStaysOnAnAxisOfPrograms()
    {
        var each = Each("first.png");
        each = each with { Prompts = ["(cat:1.4)"], Options = each.Options.Written(PromptWay.WebUi) with { KeepsPrompts = true } };
        using var shelf = new ModelShelf();
        var request = new GridRequest(each, [GridAxisText.Read("compat: a1111, comfyui")]);
        Assert.All(GridPlan.Of(request).Cells, cell => Assert.Equal(PromptEncoding.WebUi, cell.Request.Options.Encoding));
        AssertDrawnAgain(request, shelf);
    }

    [Theory]
    [InlineData("refiner: none, {0}", "refiner at: 0.3, 0.6")]
    [InlineData("refiner: {0}, none", "steps: 2, 4")]
    public void RefinersComeAgain(params string[] axes)
    {
        var each = Each("first.png");
        each = each with { Refiner = new(EmojiModel.Folder, 0.4), Options = each.Options with { Steps = 4 } };
        using var shelf = new ModelShelf();
        AssertDrawnAgain(new(each, [.. axes.Select(axis => GridAxisText.Read(axis.Replace("{0}", EmojiModel.Folder, StringComparison.Ordinal)))]), shelf);
    }

    [Fact]
    public void StylesComeAgain()
    {
        var sheet = StyleSheet.Read("name,prompt,negative_prompt\nink,ink style,blurry\n\"a, b\",\"{prompt}, at night\",");
        using var shelf = new ModelShelf();
        var request = new GridRequest(Each("first.png") with { Styles = sheet }, [GridAxisText.Read("styles: ink, \"a, b\", none")]);
        Assert.Equal(["cat face, red, ink style", "cat face, red, at night", "cat face, red"], GridPlan.Of(request).Cells.Select(cell => cell.Request.Prompts[0]));
        string first = new GridJob(shelf).Run(request, null, TestContext.Current.CancellationToken).Files[^1];
        var each = RepeatedGrid.EachOfFile(first, Unknowing("again.png") with { Styles = sheet }, _ => null).Request;
        string again = new GridJob(shelf).Run(RepeatedGrid.OfFile(first)!.Over(each), null, TestContext.Current.CancellationToken).Files[^1];
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(again));
    }

    [Fact]
    public void APictureOfOneIsNoGrid()
    {
        using var shelf = new ModelShelf();
        string file = new GeneratingJob(shelf).Run(Each("one.png"), null, TestContext.Current.CancellationToken).Files[^1];
        Assert.Null(RepeatedGrid.OfFile(file));
        Assert.Equal(["cat face, red"], RepeatedGrid.EachOfFile(file, Unknowing("x.png"), _ => null).Request.Prompts);
    }
}
