namespace Lowrank.Workbench.Tests;

/// <summary>A picture's text makes the request that makes the picture again, and tells what it does not.</summary>
public sealed class RepeatedPictureTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static RepeatedPicture Repeat(string text, Func<string, string?>? adapters = null) =>
        RepeatedPicture.Of(InfoText.Parse(text), new GeneratingRequest("models/tiny.safetensors", [], [], "out"), adapters ?? (_ => null));

    [Fact]
    public void APictureIsTheSameFileWhenItIsMadeAgain()
    {
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        using var shelf = new ModelShelf();
        var job = new GeneratingJob(shelf);
        var request = new GeneratingRequest(EmojiModel.Folder, ["cat face, "], [7], folder["first.png"])
        {
            Options = new() { Steps = 2, Sampler = "heun", Schedule = "exponential", GuidanceScale = 4.5, NegativePrompt = "pen", Width = 64, Height = 32, ClipSkip = 2 },
            Adapters = [new(folder["ink.safetensors"], 0.5)],
            Precision = "f32",
            Device = "cpu",
        };
        job.Run(request, null, CancellationToken.None);
        string text = PictureFile.ReadInfoText(folder["first.png"])!;
        var plain = new GeneratingRequest(EmojiModel.Folder, [], [], folder["again.png"]) { Precision = "f32", Device = "cpu" };
        var repeated = RepeatedPicture.Of(InfoText.Parse(text), plain, name => folder[$"{name}.safetensors"]);
        Assert.Empty(repeated.NotHonoured);
        job.Run(repeated.Request, null, CancellationToken.None);
        Assert.Equal(File.ReadAllBytes(folder["first.png"]), File.ReadAllBytes(folder["again.png"]));
    }

    [Fact]
    public void ATextThatWasCopiedIntoAFileIsReadAsAPicturesOwn()
    {
        var request = new GeneratingRequest("models/tiny.safetensors", [], [], "out");
        File.WriteAllText(folder["copied.txt"], "a fox\r\nNegative prompt: blurry\r\nSteps: 9, Sampler: Euler, CFG scale: 4, Seed: 7, Size: 64x32\r\n");
        var copied = RepeatedPicture.OfFile(folder["copied.txt"], request, _ => null).Request;
        Assert.Equal(["a fox"], copied.Prompts);
        Assert.Equal((9, "Euler", "blurry"), (copied.Options.Steps, copied.Options.Sampler, copied.Options.NegativePrompt));
        File.WriteAllText(folder["prompts.txt"], "a fox\na hen\n");
        File.WriteAllText(folder["graph.json"], "{\"1\": {}}");
        File.WriteAllBytes(folder["bytes.png"], [1, 2, 3, 0, 255, 254]);
        string Fault(string name) => Assert.Throws<LowrankException>(() => RepeatedPicture.OfFile(folder[name], request, _ => null)).Message;
        Assert.Contains("`prompts file`", Fault("prompts.txt"), StringComparison.Ordinal);
        Assert.Contains("lowrank workflow", Fault("graph.json"), StringComparison.Ordinal);
        Assert.Contains("is no picture that can be read", Fault("bytes.png"), StringComparison.Ordinal);
        Assert.DoesNotContain("Vips", Fault("bytes.png"), StringComparison.Ordinal);
    }

    [Fact]
    public void FieldsOfAnExtensionAreToldOnce()
    {
        const string text = "a fox\nSteps: 9, Sampler: Euler, Seed: 7, ADetailer model: face_yolov8n.pt, ADetailer confidence: 0.3, ADetailer version: 24.5";
        Assert.Contains("all 3 fields", Assert.Single(Repeat(text).NotHonoured, line => line.Contains("ADetailer", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void LearntWordsOfATextAreMissedByName()
    {
        const string text = "a fox\nSteps: 9, Sampler: Euler, Seed: 7, TI hashes: \"Easy: c74b4e810b, sailor: ink\", Lora hashes: \"ink: da950ae92264\"";
        string told = Assert.Single(Repeat(text).NotHonoured, line => line.Contains("Easy", StringComparison.Ordinal));
        Assert.Contains("`embeddings dir`", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Repeat(text).NotHonoured, line => line.Contains("sailor", StringComparison.Ordinal));
        File.WriteAllText(folder["easy.pt"], "");
        var request = new GeneratingRequest("models/tiny.safetensors", [], [], "out") { Reading = new() { Words = folder.Path } };
        var found = RepeatedPicture.Of(InfoText.Parse(text), request, _ => null).NotHonoured;
        Assert.Contains("was c74b4e810b when", Assert.Single(found, line => line.Contains("Easy", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void APictureOfVariedNoiseIsTheSameFileWhenItIsMadeAgain()
    {
        using var shelf = new ModelShelf();
        var job = new GeneratingJob(shelf);
        var request = new GeneratingRequest(EmojiModel.Folder, ["cat face"], [7], folder["first.png"])
        {
            Options = new()
            {
                Steps = 2, Sampler = "euler_a", NoiseSource = NoiseSources.Nv, Width = 64, Height = 32,
                Variation = new() { Seeds = [9], Strength = 0.25, ResizeFrom = (32, 32), SeedDelta = 31337 },
            },
            Precision = "f32",
            Device = "cpu",
        };
        job.Run(request, null, CancellationToken.None);
        job.Run(request with { Options = request.Options with { Variation = SeedVariation.None }, Output = folder["plain.png"] }, null, CancellationToken.None);
        string text = PictureFile.ReadInfoText(folder["first.png"])!;
        Assert.Contains("Variation seed: 9, Variation seed strength: 0.25, Seed resize from: 32x32, ENSD: 31337, RNG: NV", text);
        var repeated = RepeatedPicture.Of(InfoText.Parse(text), new(EmojiModel.Folder, [], [], folder["again.png"]) { Precision = "f32", Device = "cpu" }, _ => null);
        Assert.Empty(repeated.NotHonoured);
        job.Run(repeated.Request, null, CancellationToken.None);
        Assert.Equal(File.ReadAllBytes(folder["first.png"]), File.ReadAllBytes(folder["again.png"]));
        Assert.NotEqual(PictureFile.Read(folder["first.png"]).Pixels, PictureFile.Read(folder["plain.png"]).Pixels);
    }

    [Fact]
    public void AWebUisTextIsReadAsItReadsIt()
    {
        var (request, left) = Repeat(
            "a (red:1.2) fox <lora:ink:0.8>, snow  \nNegative prompt: blurry\n" +
            "Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 4294967296, Size: 512x768, Model: tiny, Clip skip: 2, RNG: CPU, Version: v1.10.1");
        Assert.Equal("there is no adapter ink", Assert.Single(left)[^"there is no adapter ink".Length..]);
        var options = request.Options;
        Assert.Equal(("a (red:1.2) fox , snow", "blurry"), (request.Prompts[0], options.NegativePrompt));
        Assert.Equal([4294967296L], request.Seeds);
        Assert.Equal((20, 6.5, 512, 768, 2), (options.Steps, options.GuidanceScale, options.Width, options.Height, options.ClipSkip));
        Assert.Equal(("DPM++ 2M", "Karras"), (options.Sampler, options.Schedule));
        Assert.IsType<WebUiSyntax>(options.Syntax);
        Assert.IsType<WebUiEncoding>(options.Encoding);
    }

    [Theory]
    [InlineData("Denoising strength: 0.6", "the picture that was changed is not in the text")]
    [InlineData("Steps: many", "the value cannot be read, and 20 is taken in its place")]
    [InlineData("Size: 512", "the value cannot be read, and the model's own is taken in its place")]
    [InlineData("RNG: Dice", "there is no such source of noise")]
    [InlineData("Variation seed strength: 2", "the value cannot be read, and what is usual is taken in its place")]
    [InlineData("Sampler: Nope Karras", "there is no sampler")]
    [InlineData("Zebra: 1", "it is not known here")]
    [InlineData("Model: other", "draws with tiny")]
    public void WhatIsNotHonouredIsTold(string field, string why)
    {
        string[] usual = ["Steps: 2", "Sampler: Euler", "Seed: 1", "RNG: CPU"];
        string others = string.Join(", ", usual.Where(other => other.Split(':')[0] != field.Split(':')[0]));
        var left = Repeat($"a fox\n{others}, {field}, Version: v1.10.1").NotHonoured;
        Assert.Contains(why, Assert.Single(left));
    }

    [Fact]
    public void NoiseOfAGraphicsCardIsDrawnAsNvidiasDraw()
    {
        var (request, left) = Repeat("a fox\nSteps: 2, Sampler: Euler, Seed: 1, Version: v1.10.1");
        Assert.Empty(left);
        Assert.Same(NoiseSources.Nv, request.Options.NoiseSource);
    }

    [Fact]
    public void VariationsOfSeedsAreTaken()
    {
        var (request, left) = Repeat("a fox\nSteps: 2, Sampler: Euler a, Seed: 1, Variation seed: 7, Variation seed strength: 0.3, Seed resize from: 512x256, ENSD: 31337, RNG: NV, Version: v1.10.1");
        Assert.Empty(left);
        var variation = request.Options.Variation;
        Assert.Equal([7L], variation.Seeds);
        Assert.Equal((0.3, 31337L, (512, 256)), (variation.Strength, variation.SeedDelta, variation.ResizeFrom));
        Assert.Same(NoiseSources.Nv, request.Options.NoiseSource);
    }

    [Fact]
    public void AnAutoencoderAndARefinerAreFoundBesideTheModelOrWhereTheyAreGiven()
    {
        foreach (string name in new[] { "small.pt", "fine.safetensors", "tiny.safetensors", "other.pt" }) File.WriteAllText(folder[name], name);
        const string text = "a fox\nSteps: 2, Sampler: Euler, Seed: 1, RNG: CPU, VAE: small.pt, VAE hash: 0000000000, " +
            "Refiner: fine [7440042bbd], Refiner switch at: 0.6, Version: v1.10.1";
        var beside = new GeneratingRequest(folder["tiny.safetensors"], [], [], "out");
        var (found, left) = RepeatedPicture.Of(InfoText.Parse(text), beside, _ => null);
        Assert.Equal((folder["small.pt"], folder["fine.safetensors"], 0.6), (found.Vae, found.Refiner!.Path, found.Refiner.SwitchAt));
        Assert.Contains("the VAE was 0000000000", Assert.Single(left));
        var (given, _) = RepeatedPicture.Of(InfoText.Parse(text), beside with { Vae = folder["other.pt"], Refiner = new(folder["other.pt"]) }, _ => null);
        Assert.Equal((folder["other.pt"], new RefinerChoice(folder["other.pt"], 0.6)), (given.Vae, given.Refiner));
        Assert.Equal(["no such file beside the model", "no such model beside the base"], Repeat(text).NotHonoured.Select(one => one.Split("there is ")[1].Split(",")[0]));
    }

    [Fact]
    public void APlaceInABatchIsOnePictures()
    {
        var (request, left) = Repeat("a fox\nSteps: 2, Sampler: Euler, Seed: 1, Batch place: 2 of 3, Version: lowrank 1");
        Assert.Empty(left);
        Assert.Equal(new BatchPlace(2, 3), request.Place);
        Assert.Contains("one picture's", Assert.Single((request with { Seeds = [1, 2], Output = "out" }).Faults()));
        Assert.Null(BatchPlace.Read("3 of 2"));
    }

    [Fact]
    public void ATextWithoutFieldsTellsWhatItLacks()
    {
        var left = Repeat("a fox").NotHonoured;
        Assert.Contains(left, one => one.Contains("names no sampler"));
        Assert.Contains(left, one => one.Contains("gives no seed"));
    }

    [Fact]
    public void AnAdapterThatIsAnotherFileIsTold()
    {
        EmojiModel.WriteLora(folder["ink.safetensors"]);
        var left = Repeat("a <lora:ink:1>\nSteps: 2, Sampler: Euler, Seed: 1, RNG: CPU, Lora hashes: \"ink: 0123456789ab\", Version: v1", _ => folder["ink.safetensors"]).NotHonoured;
        Assert.Contains("was 0123456789ab", Assert.Single(left));
    }

    [Fact]
    public void OfASamplerThatIsUnknownTheOneInItsPlaceIsTold()
    {
        var told = Repeat("a fox\nSteps: 3, Sampler: Foo, Schedule type: Bar, Seed: 1, Size: 64x64, Version: lowrank 1").NotHonoured;
        Assert.Contains(told, sentence => sentence.StartsWith("Sampler: Foo is not honoured") && sentence.EndsWith("dpm++2m is taken in its place"));
        Assert.Contains("Schedule type: Bar is not honoured: it belongs to that sampler", told);
    }

    [Fact]
    public void OfAScheduleThatIsUnknownTheSamplersOwnIsTaken()
    {
        var repeated = Repeat("a fox\nSteps: 3, Sampler: Euler, Schedule type: Bar, Seed: 1, Size: 64x64, Version: lowrank 1");
        Assert.Contains(repeated.NotHonoured, sentence =>
            sentence.StartsWith("Schedule type: Bar is not honoured: there is no schedule") && sentence.EndsWith("own is taken instead"));
        Assert.Equal("Euler", repeated.Request.Options.Sampler);
    }

    [Fact]
    public void FieldsThatStandTwiceAreTold() => Assert.Contains(
        "the text tells Seed 2 times", Repeat("a fox\nSteps: 3, Sampler: Euler, Seed: 1, Seed: 2, Size: 64x64").NotHonoured);
}
