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
        Assert.Equal(("X/Y/Z plot", "Adapter strength", "0, 1.5"), (info["Script"], info["X Type"], info["X Values"]));
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
        var error = Assert.Throws<RequestException>(() => new GridJob(shelf).Run(Request("x.png", "steps: 5-1"), null, TestContext.Current.CancellationToken));

        Assert.Contains("5-1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("steps: a,b", "a value is \"a\", which is no whole number")]
    [InlineData("cfg: 1-x", "On the axis \"CFG Scale\", given \"1-x\"")]
    [InlineData("hires: 2,no", "a value is \"no\"")]
    [InlineData("stps: 1,2", "nearest: steps")]
    [InlineData("face restore: true", "faces are not restored")]
    [InlineData("checkpint name: a", "checkpoint name")]
    [InlineData("steps: 1-10 (+0)", "steps of 0")]
    [InlineData("prompt s/r: wolf, fox", "On the axis \"Prompt S/R\"")]
    [InlineData("prompt s/r: , fox", "the first value is empty")]
    [InlineData("prompt order: 1,2,3,4,5,6,7,8,9", "362880 orders")]
    [InlineData("hires steps: 4", "`hires`")]
    [InlineData("styles: ink", "`styles file`")]
    [InlineData("emphasis: ignore", "`syntax` a1111")]
    [InlineData("steps", "steps: 10,20,30")]
    [InlineData("sampler: eulr", "euler")]
    [InlineData("size: 64", "512x768")]
    [InlineData("strength: 1", "`adapter`")]
    [InlineData("denoising: 0.5", "`init` or `hires`")]
    public void AWrongAxisOrValueIsAFaultOfTheRequestBeforeAnythingIsDrawn(string axis, string advice)
    {
        using var shelf = new ModelShelf();
        var error = Assert.Throws<RequestException>(() => new GridJob(shelf).Run(Request("x.png", axis), null, TestContext.Current.CancellationToken));

        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void AFileOnAnAxisThatIsNotThereIsToldBeforeAnythingIsDrawn()
    {
        using var shelf = new ModelShelf();
        var error = Assert.Throws<LowrankException>(() => new GridJob(shelf).Run(Request("x.png", "adapter: no-such.safetensors"), null, TestContext.Current.CancellationToken));

        Assert.Contains("no-such.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void AValueThatTheModelCannotTakeIsToldWithItsCellBeforeTheFirstIsDrawn()
    {
        using var shelf = new ModelShelf();
        var error = Assert.Throws<RequestException>(() => new GridJob(shelf).Run(Request("all", "steps: 2,0"), null, TestContext.Current.CancellationToken));

        Assert.StartsWith("Cell 2 of 2 (Steps: 0): ", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["all"]));
    }

    [Theory]
    [InlineData(false, true, "Init strength")]
    [InlineData(true, false, "Adapter strength")]
    [InlineData(true, true, null)]
    public void StrengthIsTheAdaptersOrThePicturesAndHasToBeSaidWhereThereAreBoth(bool adapts, bool changes, string? label)
    {
        var request = Request("x", "strength: 0.5");
        request = request with { Each = request.Each with { Adapters = adapts ? [new("a")] : [], Change = changes ? new("a.png") : null } };
        if (label is not null) Assert.Equal(label, AmbiguousStrength.Settled(request, request.Axes[0]).Axis!.Label);
        else Assert.Contains("init strength", Assert.Throws<LowrankException>(() => AmbiguousStrength.Settled(request, request.Axes[0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStrengthOf0OnAnAxisIsNoFaultEvenWhereAllHasToBeUsed()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var request = Request("x.png", "strength: 0,1", $"adapter: {folder["tiny.safetensors"]}:0, none");

        var report = new GridJob(shelf).Run(request with { Each = request.Each with { Strict = true } }, null, TestContext.Current.CancellationToken);

        Assert.Empty(report.Account);
    }

    [Fact]
    public void OneAxisTwiceIsAFaultUnlessItsValuesAddUp()
    {
        Assert.Contains("steps: 1,2", Assert.Single(Request("x", "steps: 1", "steps: 2").Faults()), StringComparison.Ordinal);
        Assert.Empty(Request("x", "prompt s/r: cat,dog", "prompt s/r: face,tail", "Prompt S/R: a,b").Faults());
    }

    [Fact]
    public void ValuesThatAreThereTwiceAndAxesThatChangeNothingAreTold()
    {
        Assert.Contains("holds \"3\" 2 times", Assert.Single(GridPlan.Of(Request("x", "steps: 3,3,4")).Notes), StringComparison.Ordinal);
        Assert.Contains("holds \"none\" alone, and changes nothing", Assert.Single(GridPlan.Of(Request("x", "adapter: none")).Notes), StringComparison.Ordinal);
        Assert.Empty(GridPlan.Of(Request("x", "adapter: none,a.safetensors")).Notes);
        Assert.Contains("`variation strength`", Assert.Single(GridPlan.Of(Request("x", "Var. seed: 1,2")).Notes), StringComparison.Ordinal);
        Assert.Empty(GridPlan.Of(Request("x", "Var. seed: 1,2", "variation strength: 0,1")).Notes);
        Assert.Contains("`refiner`", Assert.Single(GridPlan.Of(Request("x", "refiner at: 0.2,0.4")).Notes), StringComparison.Ordinal);
        Assert.Empty(GridPlan.Of(Request("x", "refiner at: 0.2,0.4", "refiner: none,a")).Notes);
    }

    [Fact]
    public void PartsAndPicturesAreSavedBesideTheFileWhereTheyAreAskedFor()
    {
        using var shelf = new ModelShelf();
        var request = Request("all.png", "steps: 1", "cfg: 1", "clip skip: 1,2") with { SavesParts = true, SavesPictures = true };

        var report = new GridJob(shelf).Run(request, null, TestContext.Current.CancellationToken);

        string[] names = [Path.Join("all", "00001-5.png"), Path.Join("all", "00002-5.png"), "all-1.png", "all-2.png", "all.png"];
        Assert.Equal(names.Select(name => folder[name]), report.Files);
    }

    [Fact]
    public void APartThatIsInTheWayIsToldBeforeAnythingIsDrawn()
    {
        File.WriteAllText(folder["all-2.png"], "");
        using var shelf = new ModelShelf();
        var request = Request("all.png", "steps: 1", "cfg: 1", "clip skip: 1,2") with { SavesParts = true };

        var error = Assert.Throws<LowrankException>(() => new GridJob(shelf).Run(request, null, TestContext.Current.CancellationToken));

        Assert.StartsWith($"`sub grids` would replace {folder["all-2.png"]}.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void PartsOfOneGridAreToldToBeNone() => Assert.Contains(
        "there is but one", Assert.Single(GridPlan.Of(Request("x", "steps: 1,2") with { SavesParts = true }).Notes), StringComparison.Ordinal);

    [Fact]
    public void AGraphIsRefusedWhereAGridAloneIsSaved()
    {
        var request = Request("all.png", "steps: 1,2");
        request = request with { Each = request.Each with { EmbedsGraph = true } };
        Assert.Contains("Give a folder", Assert.Single(request.Faults()), StringComparison.Ordinal);
        Assert.Empty((request with { SavesPictures = true }).Faults());
        Assert.Empty((request with { Each = request.Each with { Output = folder["all"] } }).Faults());
    }

    [Fact]
    public void WhatAnAxisSetsWasChosenAlsoWhereItSetsTheUsual()
    {
        var request = Request("x", "steps: 20", "sampler: Euler a, dpm++2m Karras");
        var plan = GridPlan.Of(request with { Each = request.Each with { Given = GivenSampling.None } });
        GivenSampling[] given = [.. plan.Cells.Select(cell => cell.Request.Given)];
        Assert.Equal([GivenSampling.Steps | GivenSampling.Sampler, GivenSampling.Steps | GivenSampling.Sampler | GivenSampling.Schedule], given);
    }

    [Fact]
    public void EachCellDrawsItsOwnSeedWhereItIsAsked()
    {
        var request = Request("x", "steps: 1-4") with { DrawsSeeds = true };
        var plan = GridPlan.Of(request with { Each = request.Each with { Seeds = [GridRequest.Chance] } });
        Assert.Equal(4, plan.Cells.Select(cell => cell.Request.Seeds[0]).Distinct().Count());
        Assert.Contains("Leave `seed` out", Assert.Single(GridPlan.Of(request).Notes), StringComparison.Ordinal);
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
            Options = new() { NegativePrompt = "1", Encoding = PromptEncoding.WebUi, Hires = new(2) },
            Change = new("a.png"),
            Refiner = new("a"),
            Styles = new([new("3", "3", "3")], []),
        };
        foreach (var axis in GeneratingAxes.All)
        {
            var text = axis.Label switch
            {
                "Sampler" or "Hires sampler" => "heun",
                "Schedule type" => "simple",
                "Size" or "Seed resize" => "32x16",
                "Prompt S/R" or "Prompt order" => "2,1",
                "FreeU" => "\"1.1,1.2,0.9,0.2\"",
                "Compat" => "comfyui",
                "RNG source" => "NV",
                "Emphasis" => "no norm",
                "Hires upscaler" => "Lanczos",
                "Prediction" => "v_prediction",
                "Precision" => "bf16",
                "Fill" => "latent noise",
                "Fit" => "crop",
                _ => "3,3",
            };
            var values = GridValues.Read(text, axis.Kind);
            Assert.True(!request.Equals(axis.Set(request, values[^1], values)), axis.Label);
        }
    }
}
