namespace Lowrank.Workbench.Tests;

/// <summary>Choices, wildcards, tags and learnt words of prompts.</summary>
public sealed class ReadPromptsTests : DrawingTests
{
    static readonly string data = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion");
    static readonly string adapters = Path.Combine(data, "a1111", "files", "adapters"), words = Path.Combine(data, "a1111", "files", "embeddings");

    GeneratingReport Draw(string name, PromptReading reading, IReadOnlyList<string> prompts, params IReadOnlyList<long> seeds)
    {
        GenerateOptions options = new() { Steps = 3, Width = 32, Height = 32, Encoding = PromptEncoding.WebUi };
        var request = Request(name, options, seeds.Count == 0 ? [5] : seeds);
        return Report(request with { Model = Path.Combine(data, "models", "sd1"), Prompts = prompts, Reading = reading });
    }

    byte[][] Pixels(string name, PromptReading reading, params IReadOnlyList<string> prompts) =>
        [.. Draw(name, reading, prompts).Files.Select(file => PictureFile.Read(file).Pixels)];

    static PromptReading Tags => new() { Tags = true, Adapters = adapters };

    [Fact]
    public void EachPromptIsDrawnWithTheAdaptersOfItsTags()
    {
        string[] prompts = ["a fox <lora:fox_style:0.8>", "a fox", "a fox <lora:fox_style:0.8><lora:snow_conv:0.5>"];
        var together = Pixels("together", Tags, prompts);
        Assert.Equal(3, together.Select(Convert.ToHexString).Distinct().Count());
        for (int i = 0; i < prompts.Length; i++) Assert.Equal(Pixels($"alone{i}", Tags, prompts[i]).Single(), together[i]);
        var given = new GeneratingRequest(Path.Combine(data, "models", "sd1"), ["a fox"], [5], folder["given"])
        {
            Options = new() { Steps = 3, Width = 32, Height = 32, Encoding = PromptEncoding.WebUi },
            Precision = "f32",
            Device = "cpu",
            Adapters = [new(Path.Combine(adapters, "fox_style.safetensors"), 0.8)],
        };
        string file = new GeneratingJob(shelf).Run(given, null, CancellationToken.None).Files.Single();
        Assert.Equal(PictureFile.Read(file).Pixels, together[0]);
    }

    [Fact]
    public void AnAdapterWorksInTheStepsThatItsTagNames()
    {
        byte[] none = Pixels("none", Tags, "a fox").Single(), whole = Pixels("whole", Tags, "a fox <lora:fox_style:te=0:unet=0.8>").Single();
        Assert.Equal(whole, Pixels("from", Tags, "a fox <lora:fox_style:te=0:unet=0.8:start=1>").Single());
        Assert.Equal(none, Pixels("to", Tags, "a fox <lora:fox_style:te=0:unet=0.8:stop=1>").Single());
        byte[] late = Pixels("late", Tags, "a fox <lora:fox_style:te=0:unet=0.8:start=2>").Single();
        Assert.Equal(3, new[] { none, whole, late }.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void ChoicesFollowTheSeedOfEachPicture()
    {
        File.WriteAllText(folder["animal.txt"], "fox\nowl\nwolf\n");
        var reading = new PromptReading { Choices = true, Wildcards = folder.Path };
        var report = Draw("drawn", reading, ["a {red|blue|green} __animal__, __none__"], 1, 2, 3, 4);
        string[] prompts = [.. report.Files.Select(file => InfoText.Parse(PictureFile.Read(file).InfoText!).Prompt)];
        var dynamic = new DynamicPrompts(Wildcards.Of(folder.Path));
        Assert.Equal(new long[] { 1, 2, 3, 4 }.Select(seed => dynamic.Draw("a {red|blue|green} __animal__, __none__", seed).Prompts.Single()), prompts);
        Assert.Contains(report.Account, line => line.Text.Contains("no wildcard none", StringComparison.Ordinal));
    }

    [Fact]
    public void TheSecondPassesPromptAndTheNegativeOneAreReadLikeTheFirst()
    {
        var reading = Tags with { Choices = true, Comments = true };
        var read = Pass("read", reading, "a {red|blue} fox", "a {red|blue} den # or two\n<lora:snow_conv:0.5>", "{bad|worse} # not this");
        var info = InfoText.Parse(PictureFile.ReadInfoText(read.Files.Single())!);
        var dynamic = new DynamicPrompts(Wildcards.None);
        Assert.Equal(Chosen("{bad|worse}"), info.NegativePrompt.Trim());
        Assert.Equal(Chosen("a {red|blue} den"), info["Hires prompt"]!.Trim());
        Assert.Contains(read.Account, line => line.NotUsed && line.Text.Contains("snow_conv.safetensors of the second pass's prompt is not used", StringComparison.Ordinal));

        string Chosen(string text) => dynamic.Draw(text, 5).Prompts.Single();
    }

    [Fact]
    public void ASignInTheSecondPassesPromptIsTold()
    {
        var report = Pass("told", new(), "a fox", "a fox <lora:fox_style:1>", "bad", PromptEncoding.Plain);
        Assert.Contains(report.Account, line => line.Text.Contains("<lora:fox_style:1> is read as words", StringComparison.Ordinal));
    }

    GeneratingReport Pass(string name, PromptReading reading, string prompt, string second, string negative, PromptEncoding? encoding = null)
    {
        var request = new GeneratingRequest(Path.Combine(data, "models", "sd1"), [prompt], [5], folder[name])
        {
            Options = new()
            {
                Steps = 2, Width = 32, Height = 32, Encoding = encoding ?? PromptEncoding.WebUi, NegativePrompt = negative, Hires = new(2) { Prompt = second },
            },
            Precision = "f32",
            Device = "cpu",
            Reading = reading,
        };
        return new GeneratingJob(shelf).Run(request, null, CancellationToken.None);
    }

    [Fact]
    public void AMissingAdapterIsAnErrorUnlessItIsToBeTold()
    {
        Assert.Contains("no adapter \"fox_stile\"", Assert.Throws<LowrankException>(() => Draw("a", Tags, ["a <lora:fox_stile:1>"])).Message);
        Assert.Contains("`adapters dir`", Assert.Throws<LowrankException>(() => Draw("b", new() { Tags = true }, ["a <lora:x:1>"])).Message);
        Assert.Contains("\"0,5\"", Assert.Throws<LowrankException>(() => Draw("c", Tags, ["a <lora:fox_style:0,5>"])).Message);
        var lenient = Tags with { Lenient = true };
        var homeless = Draw("e", new() { Tags = true, Lenient = true }, ["a <lora:x:1>"]);
        Assert.Contains(homeless.Account, line => line.Text.Contains("x is left out: no folder of adapters", StringComparison.Ordinal));
        var report = Draw("d", lenient, ["a <lora:fox_stile:1> <hypernet:h:1>", "a <lora:fox_style:0,5>"]);
        Assert.Contains(report.Account, line => line.Text.Contains("fox_stile is not found", StringComparison.Ordinal));
        Assert.Contains(report.Account, line => line.Text.Contains("<hypernet:h:1>", StringComparison.Ordinal));
        Assert.Contains(report.Account, line => line.Text.Contains("no adapter of the prompt works", StringComparison.Ordinal));
    }

    [Fact]
    public void LearntWordsOfAFolderStandForTheirVectors()
    {
        byte[] plain = Pixels("plain", new(), "a foxword").Single();
        byte[] learnt = Pixels("learnt", new() { Words = words }, "a foxword").Single();
        Assert.NotEqual(plain, learnt);
        Assert.Equal(plain, Pixels("again", new(), "a foxword").Single());
    }

    [Fact]
    public void EveryPromptThatADynamicOneStandsForIsListed()
    {
        Assert.Equal(["a x", "b x", "c"], PromptReading.AllOf(["{a|b} x", "c"], null, 10));
        Assert.Equal(["a x", "c"], PromptReading.AllOf(["{a|b} x", "c"], null, 1));
        Assert.Throws<LowrankException>(() => PromptReading.AllOf(["{2$$a|a}"], null, 10));
    }

    [Fact]
    public void MorePromptsThanAnybodyMeansAreRefusedBeforeAllAreMade()
    {
        string many = string.Join(' ', Enumerable.Repeat("{0|1|2|3|4|5|6|7|8|9}", 9));
        Assert.Contains("more than 100000 prompts", Assert.Throws<LowrankException>(() => PromptReading.AllOf([many], null, int.MaxValue)).Message);
        Assert.Equal(20, PromptReading.AllOf([many], null, 20).Count);
    }
}
