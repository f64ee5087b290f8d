using Lowrank.Adapters;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Torch.Layers;
using TorchSharp;

namespace Lowrank.Cli.Tests;

public class GenerateTests
{
    // Few steps: what is tested is the way from the command line to the file.
    static readonly string[] quick = ["--steps", "2", "--precision", "f32", "--model", Path.Combine(GoldenFolder.Repository, "models", "emoji-sd")];

    [Fact]
    public void PicturesAreNumberedHoldHowTheyWereMadeAndAreListedOnStdout()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.RunIn(folder.Path, ["generate", "cat face", "pen", "--seed", "5,9", "--grid", "-n", "red", "-o", "pictures", .. quick]).Ended(0);
        string[] names = [.. new[] { "00001-5.png", "00002-9.png", "00003-5.png", "00004-9.png", "00005-grid.png" }.Select(name => Path.Combine("pictures", name))];
        Assert.Equal(names, result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
        Assert.DoesNotContain("not used as given", result.Error);
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder[names[3]])!);
        Assert.Equal(("pen", "red", "9", "2"), (info.Prompt, info.NegativePrompt, info["Seed"], info["Steps"]));
        Assert.Equal("DPM++ 2M", info["Sampler"]);
        Assert.Equal((128, 128), info.Size);
    }

    [Fact]
    public void ASamplerGetsItsOptionsAndThoseItDoesNotKnowAreNamed()
    {
        using var folder = new TemporaryFolder();
        string[] asked = ["generate", "pen", "--sampler", "dpmpp_sde", "--sampler-option", "s_noise=0.9", "--sampler-option", "order=2", "-o", "pen.png"];
        var result = Cli.RunIn(folder.Path, [.. asked, "--seed", "1", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        Assert.Contains("the sampler option order is not used", result.Error.ReplaceLineEndings(" "));
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder["pen.png"])!);
        Assert.Equal(("DPM++ SDE", "Karras", "0.9"), (info["Sampler"], info["Schedule type"], info["Sigma noise"]));
        Assert.Contains("nearest", Cli.Run("generate", "pen", "--sampler-option", "etaa=1").Ended(2).Error);
    }

    [Fact]
    public async Task CallsAtOnceWithOneSeedWriteAFileEach()
    {
        using var folder = new TemporaryFolder();
        string[] Small(string prompt) => ["generate", prompt, "--seed", "7", "-o", "race", .. quick, "--width", "32", "--height", "32"];
        var calls = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => Task.Run(() => Cli.RunIn(folder.Path, Small($"prompt {i}")).Ended(0), TestContext.Current.CancellationToken)));
        string[] written = [.. calls.Select(call => call.Out.Trim())];
        Assert.Equal(3, written.Distinct().Count());
        Assert.All(written.Index(), call => Assert.Equal($"prompt {call.Index + 1}", InfoText.Parse(PictureFile.ReadInfoText(folder[call.Item])!).Prompt));
    }

    [Fact]
    public void TheLargestSeedIsASeed()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.RunIn(folder.Path, ["generate", "pen", "--seed", "18446744073709551615", "--cfg-scale", "3", "-o", "p", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        Assert.EndsWith("00001-18446744073709551615.png", result.Out.Trim());
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder[result.Out.Trim()])!);
        Assert.Equal(("18446744073709551615", "3"), (info["Seed"], info["CFG scale"]));
    }

    [Fact]
    public void AGridOverOptionsIsDrawnIntoOneFileAndShownOnlyOnATerminal()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.RunIn(folder.Path, ["generate", "pen", "-x", "seed: 5,6", "-x", "guidance: 1-3 [3]", "--show", "-o", "grid.png", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        Assert.Equal("grid.png", result.Out.Trim());
        Assert.Contains("--show is not used", result.Error, StringComparison.Ordinal);
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder["grid.png"])!);
        Assert.Equal(("Seed", "5,6", "CFG Scale"), (info["X Type"], info["X Values"], info["Y Type"]));
    }

    [Fact]
    public void AnUnknownAxisIsToldWithTheNearest() =>
        Assert.Contains("nearest: guidance", Cli.Run("generate", "pen", "--axis", "guidence: 1,2", "--model", "nowhere").Ended(2).Error, StringComparison.Ordinal);

    [Theory, InlineData("cat.tif"), InlineData("cat.BMP")]
    public void AnotherKindOfPictureIsRefusedBeforeTheModelIsLoaded(string name) =>
        Assert.Contains("pictures are written as .png", Cli.Run("generate", "pen", "-o", name, "--model", "nowhere").Ended(2).Error);

    [Theory]
    [InlineData("# no\n\ncat --w 65\n", 2, "prompts.txt, line 3: These pictures cannot be made: --width is 65")]
    [InlineData("cat\ndog --am 1,2\n", 1, "prompts.txt, line 2: \"dog\" has 2 strengths")]
    [InlineData("cat --ss foo\n", 1, "prompts.txt, line 1: there is no sampler \"foo\"")]
    [InlineData("cat\ndog <lora:none:1>\n", 1, "Prompt 2 of 2 (\"dog <lora:none:1>\"): There is no adapter \"none\"")]
    public void AFaultOfALineOfAFileOfPromptsTellsWhichItIs(string text, int code, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], text);
        Directory.CreateDirectory(folder["l"]);
        Assert.Contains(told, Cli.RunIn(folder.Path, ["generate", "--prompts-file", "prompts.txt", "--adapters-dir", "l", "-o", "p", .. quick, "--width", "32", "--height", "32"]).Ended(code).Error);
    }

    [Fact]
    public void AFileOfPromptsThatIsNoUtf8IsAnErrorThatNamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["prompts.txt"], [(byte)'c', 0xe9, (byte)'\n']);
        Assert.Contains("prompts.txt is no UTF-8 text", Cli.RunIn(folder.Path, "generate", "--prompts-file", "prompts.txt").Ended(1).Error);
    }

    [Fact]
    public void WhatIsNotReadOfAPromptIsToldAndAnErrorWhereAllHasToBe()
    {
        using var folder = new TemporaryFolder();
        string[] call = ["generate", $"a (red:1.2) pen {string.Join(' ', Enumerable.Repeat("and a pen", 100))}", "-o", "p.png", .. quick, "--width", "32", "--height", "32"];
        var strict = Cli.RunIn(folder.Path, [.. call, "--strict"]).Ended(1);
        Assert.Contains("[prompts_cut]", strict.Error);
        Assert.Contains("[prompts_signs]", strict.Error);
        Assert.False(File.Exists(folder["p.png"]));
        var told = Cli.RunIn(folder.Path, [.. call, "--json"]).Ended(0);
        using var report = System.Text.Json.JsonDocument.Parse(told.Out);
        var lines = report.RootElement.GetProperty("account").EnumerateArray().ToList();
        Assert.Equal(["prompts_cut", "prompts_signs"], lines.Select(line => line.GetProperty("name").GetString()));
        Assert.All(lines, line => Assert.Contains(line.GetProperty("text").GetString()!, told.Error));
        Assert.Equal("p.png", report.RootElement.GetProperty("files")[0].GetString());
    }

    [Fact]
    public void AStrengthThatMakesNoPictureIsAnErrorOrAWarning()
    {
        using var folder = new TemporaryFolder();
        WriteLora(folder["tiny.safetensors"]);
        string[] Call(string strength) => ["generate", "pen", "--seed", "5", "-o", "p.png", "-a", $"tiny.safetensors:{strength}", "--overwrite", .. quick, "--width", "64", "--height", "64"];
        Assert.Contains("is no picture: its latents are NaN or infinite", Cli.RunIn(folder.Path, Call("1e30")).Ended(1).Error);
        Assert.False(File.Exists(folder["p.png"]));
        Assert.DoesNotContain("shows nothing", Cli.RunIn(folder.Path, Call("0.001")).Ended(0).Error);
    }

    [Fact]
    public void Strength0DrawsExactlyWhatTheBaseDrawsAndStrength1DoesNot()
    {
        using var folder = new TemporaryFolder();
        WriteLora(folder["tiny.safetensors"]);
        Picture Draw(string name, params string[] adapter)
        {
            Cli.RunIn(folder.Path, ["generate", "cat face", "--seed", "5", "-o", name, .. quick, .. adapter]).Ended(0);
            return PictureFile.Read(folder[name]);
        }
        var (none, zero, full) = (Draw("base.png"), Draw("zero.png", "-a", "tiny.safetensors:0"), Draw("full.png", "-a", "tiny.safetensors"));
        Assert.Equal(none.Pixels, zero.Pixels);
        Assert.NotEqual(none.Pixels, full.Pixels);
        var info = InfoText.Parse(full.InfoText!);
        Assert.Equal("cat face <lora:tiny:1>", info.Prompt);
        Assert.Matches("^tiny: [0-9a-f]{12}$", info["Lora hashes"]);
    }

    [Fact]
    public void AWordWithTheVectorOfAnotherDrawsWhatThatOneDraws()
    {
        using var folder = new TemporaryFolder();
        using (var scope = torch.NewDisposeScope())
        using (var model = StableDiffusion.Load(quick[^1], new Storage(torch.ScalarType.Float32)))
        {
            long id = model.Tokenizer.EncodeWords("cat").Single();
            var vector = model.TextEncoder.state_dict()["text_model.embeddings.token_embedding.weight"][id].detach();
            Safetensors.Save(folder["words.safetensors"], [KeyValuePair.Create("<Mine>", vector), KeyValuePair.Create("dog", vector)]);
        }
        byte[] Draw(string prompt, params string[] adapter)
        {
            Cli.RunIn(folder.Path, ["generate", prompt, "--seed", "5", "-o", "x.png", "--overwrite", .. quick, .. adapter]).Ended(0);
            return PictureFile.Read(folder["x.png"]).Pixels;
        }
        var wanted = Draw("cat face");
        Assert.Equal(wanted, Draw("<mine> face", "-a", "words.safetensors"));
        Assert.Equal(wanted, Draw("dog face", "-a", "words.safetensors"));
        // Only a whole word is one.
        Assert.Equal(Draw("dogs face"), Draw("dogs face", "-a", "words.safetensors"));
    }

    [Fact]
    public void AnExistingFileIsReplacedOnlyWhenAsked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["cat.png"], "mine");
        Assert.Contains("--overwrite", Cli.RunIn(folder.Path, ["generate", "cat face", "-o", "cat.png", .. quick]).Ended(1).Error);
        Assert.Equal("mine", File.ReadAllText(folder["cat.png"]));
        Cli.RunIn(folder.Path, ["generate", "cat face", "-o", "cat.png", "--overwrite", .. quick]).Ended(0);
        Assert.Equal(128, PictureFile.Read(folder["cat.png"]).Width);
    }

    [Fact]
    public void AnAdapterForAnotherFamilyIsNamedAsWhatItLooksLike()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["xl.safetensors"], textWidth: 2048);
        var error = Cli.RunIn(folder.Path, ["generate", "cat face", "-a", "xl.safetensors", .. quick]).Ended(1).Error;
        Assert.Contains("SDXL", error);
        Assert.Contains("SD 1", error);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Theory]
    [InlineData(1, "none.safetensors does not exist", "cat", "-a", "none.safetensors")]
    [InlineData(1, "none does not exist", "cat", "--model", "none")]
    [InlineData(2, "width is 100", "cat", "--width", "100")]
    [InlineData(2, "steps is 0", "cat", "--steps", "0")]
    [InlineData(1, "none.txt does not exist", "--prompts-file", "none.txt")]
    [InlineData(2, "Give a prompt")]
    [InlineData(2, "not a strength", "cat", "-a", "x.safetensors:much")]
    [InlineData(2, "not a seed", "cat", "--seed", "-1")]
    [InlineData(2, "The seeds '9-7' count down", "cat", "--seed", "9-7")]
    [InlineData(2, "--hires: 'much' is no number", "cat", "--hires", "much")]
    [InlineData(2, "--width: 'a' is no whole number", "cat", "--width", "a")]
    [InlineData(2, "ask for one with --hires", "cat", "--hires-steps", "3")]
    [InlineData(2, "give one with --refiner", "cat", "--refiner-at", "0.5")]
    [InlineData(2, "--count is 0", "cat", "--count", "0")]
    [InlineData(2, "give one with --init", "cat", "--mask-blur", "3")]
    [InlineData(2, "--hires-sampler: ", "cat", "--hires", "2", "--hires-sampler", "heum")]
    [InlineData(2, "Did you mean --width?", "cat", "--wdth", "64")]
    [InlineData(2, "do not fit into", "cat", "dog", "-o", "both.png")]
    [InlineData(2, "a value is \"a\", which is no whole number", "cat", "--axis", "steps: a,b")]
    [InlineData(2, "--hires is 0 (above 1)", "cat", "--hires", "0")]
    [InlineData(2, "--clip-skip is 100 (1 to ", "cat", "--clip-skip", "100")]
    [InlineData(2, "--variation-strength: a seed's noise is not varied", "cat", "--compat", "comfyui", "--variation-strength", "0.5")]
    [InlineData(2, "options with hyphens: write --width.", "cat", "\u2014width", "64")]
    [InlineData(2, "options with hyphens: write -n.", "cat", "\u2013n", "dog")]
    [InlineData(2, "--matrix-option: a matrix has no \"foo\"", "cat|dog", "--matrix", "--matrix-option", "foo")]
    [InlineData(2, "karras", "cat", "--schedule", "karas")]
    [InlineData(2, "there is no upscaler \"bicubik\" (nearest: bicubic", "cat", "--hires", "2", "--hires-upscaler", "bicubik")]
    [InlineData(2, "networks are not done", "cat", "--hires", "2", "--hires-upscaler", "4x-UltraSharp")]
    [InlineData(2, "not smoothed here", "cat", "--hires", "2", "--hires-upscaler", "Latent (antialiased)")]
    [InlineData(2, "--negative-prompt is --negative here", "cat", "--negative-prompt", "blurry")]
    [InlineData(2, "--lora is --adapter here", "cat", "--lora=ink.safetensors")]
    [InlineData(2, "--num_inference_steps is --steps here", "cat", "--num_inference_steps", "9")]
    public void WrongInputIsAnErrorThatNamesIt(int code, string message, params string[] args)
    {
        using var folder = new TemporaryFolder();
        string[] model = args.Contains("--model") ? [] : ["--model", Path.Combine(GoldenFolder.Repository, "models", "emoji-sd")];
        var result = Cli.RunIn(folder.Path, ["generate", .. args, .. model]).Ended(code);
        Assert.Contains(message, result.Error.Replace(folder.Path + Path.DirectorySeparatorChar, ""));
        Assert.Empty(result.Out);
    }

    [Fact]
    public void OptionsThatGoWithOthersAreToldWhereTheyStandAlone()
    {
        using var folder = new TemporaryFolder();
        PictureFile.Save(folder["a.png"], Picture.Filled(64, 64, 1, 2, 3));
        File.WriteAllText(folder["s.csv"], "name,prompt,negative_prompt\n");
        Directory.CreateDirectory(folder["w"]);
        string[] alone = ["--models-dir", "m", "--input-dir", "i", "--styles-file", "s.csv", "--wildcards-dir", "w", "--mask-blur", "3", "--padding", "8"];
        string[] second = ["--init", "a.png", "--hires", "2", "--hires-sampler", "Heun Karras", "--hires-schedule", "exponential"];
        string told = Cli.RunIn(folder.Path, ["generate", "pen", .. alone, .. second, "--strict", .. quick]).Ended(1).Error.ReplaceLineEndings(" ");
        string[] idle = ["--models-dir", "--input-dir", "--styles-file", "--wildcards-dir", "--mask-blur", "--padding"];
        Assert.All(idle, option => Assert.Contains($"{option} is not used", told, StringComparison.Ordinal));
        Assert.Contains("Karras of the sampler \"Heun Karras\" is not used: --hires-schedule exponential", told, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesOfAnotherKindAreToldAndNamesThatAreNearToOnesThatAreNot()
    {
        using var folder = new TemporaryFolder();
        PictureFile.Save(folder["a.png"], Picture.Filled(8, 8, 1, 2, 3));
        Tiny.Lora(folder["ink.safetensors"]);
        string Fault(params string[] args) => Cli.RunIn(folder.Path, ["generate", "pen", .. args, "--model", quick[^1]]).Ended(1).Error.ReplaceLineEndings(" ");
        Assert.Contains("a.png is a picture (png), and --vae wants a file of weights", Fault("--vae", "a.png"));
        Assert.Contains("ink.safetensors holds weights (safetensors), and --init wants a picture", Fault("--init", "ink.safetensors"));
        Assert.Contains("a.png is a picture (png), and --styles-file wants a text", Fault("--style", "Ink", "--styles-file", "a.png"));
        Assert.Contains("nearest in its folder: ink.safetensors", Fault("-a", "inc.safetensors"));
        Assert.Contains("nearest in its folder: emoji-sd", Cli.Run("generate", "pen", "--model", quick[^1] + "2").Ended(1).Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void AnAdapterThatAPlainPromptNamesAndARangeOfSeedsAreUnderstood()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.RunIn(folder.Path, ["generate", "pen <lora:ink:1>", "--seed", "7-9", "-o", "p", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        Assert.Contains("(--adapters-dir)", result.Error.ReplaceLineEndings(" "));
        Assert.Equal(["7", "8", "9"], result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Path.GetFileNameWithoutExtension(line.Trim()).Split('-')[1]));
    }

    [Fact]
    public void CommentsAmongPromptsAndAScheduleThatGivesWayAreTold()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p.txt"], "# remark\ncat face\n");
        string error = Cli.RunIn(folder.Path, ["generate", "--prompts-file", "p.txt", "--sampler", "DPM++ 2M Karras", "--schedule", "exponential", "-o", "pictures", .. quick]).Ended(0).Error;
        Assert.Contains("1 line of p.txt", error.ReplaceLineEndings(" "));
        Assert.Contains("Karras of the sampler", error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void CtrlCKeepsWhatIsFinishedAndEndsWith130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        using var folder = new TemporaryFolder();
        using var process = Cli.Start(folder.Path, ["generate", "cat face", "--count", "500", "--batch", "1", "-o", "pictures", .. quick]);
        while (!process.HasExited && !(Directory.Exists(folder["pictures"]) && Directory.GetFiles(folder["pictures"], "*.png").Length > 0)) Thread.Sleep(50);
        Cli.Interrupt(process);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Matches(@"Stopped; saved \d+ of 500 pictures", error);
        Assert.All(Directory.GetFiles(folder["pictures"]), file => Assert.Equal(128, PictureFile.Read(file).Width));
    }

    // A LoRA over the unet's attention whose change is large enough to be seen after two steps.
    static void WriteLora(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "models", "emoji-sd"), Torch.Layers.Storage.Default);
        using var generator = new torch.Generator(1);
        using var adapter = AdapterFactory.Create(TargetSelection.Kohya(model.Describe()), new LoraOptions(2), generator);
        foreach (var part in adapter.Trainable) part.normal_(0, 0.2, generator);
        AdapterFile.Write(path, adapter, model.Describe());
    }

    [Fact]
    public void APictureIsTheSameFileWhenItIsMadeFromItsText()
    {
        using var folder = new TemporaryFolder();
        string[] small = [.. quick, "--width", "32", "--height", "32"];
        Cli.RunIn(folder.Path, ["generate", "pen, ", "-n", "red", "-s", "9", "--guidance", "3", "--sampler", "euler_a", "-o", "one.png", .. small]).Ended(0);
        var result = Cli.RunIn(folder.Path, ["generate", "--from", "one.png", "-o", "two.png", "--precision", "f32", "--model", quick[^1]]).Ended(0);
        Assert.DoesNotContain("honoured", result.Error);
        Assert.Equal(File.ReadAllBytes(folder["one.png"]), File.ReadAllBytes(folder["two.png"]));
        Cli.RunIn(folder.Path, ["generate", "--from", "one.png", "--guidance", "4", "-s", "8", "-o", "three.jpg", "--precision", "f32", "--model", quick[^1]]).Ended(0);
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder["three.jpg"])!);
        Assert.Equal(("pen, ", "4", "8", "Euler a"), (info.Prompt, info["CFG scale"], info["Seed"], info["Sampler"]));
    }

    [Fact]
    public void APictureOfPromptsOfTheWebUiIsMadeAgainFromItsText()
    {
        using var folder = new TemporaryFolder();
        string[] call = ["generate", "a (red:1.4) [pen|fox] AND [a cat:a dog:0.5] :0.5", "--syntax", "a1111", "--emphasis", "no-norm", "--comma-backtrack", "0"];
        Cli.RunIn(folder.Path, [.. call, "--seed", "3", "-o", "once.png", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        var result = Cli.RunIn(folder.Path, ["generate", "--from", "once.png", "-o", "again.png", "--precision", "f32", "--model", quick[^1]]).Ended(0);
        Assert.DoesNotContain("not honoured", result.Error);
        Assert.Equal(File.ReadAllBytes(folder["once.png"]), File.ReadAllBytes(folder["again.png"]));
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder["once.png"])!);
        Assert.Equal(("a1111", "No norm", "0"), (info["Prompt syntax"], info["Emphasis"], info["Comma backtrack"]));
    }

    [Fact]
    public void EmphasisIsHeededInTheWebUisWayAndToldElsewhere()
    {
        using var folder = new TemporaryFolder();
        string[] small = ["a (red:1.4) pen", "--emphasis", "no-norm", "--seed", "1", .. quick, "--width", "32", "--height", "32"];
        string told = Cli.RunIn(folder.Path, ["generate", "-o", "plain.png", .. small]).Ended(0).Error;
        Assert.Contains("--emphasis is not used", told, StringComparison.Ordinal);
        told = Cli.RunIn(folder.Path, ["generate", "-o", "web.png", "--compat", "a1111", .. small]).Ended(0).Error;
        Assert.DoesNotContain("--emphasis", told, StringComparison.Ordinal);
        Assert.Equal("No norm", InfoText.Parse(PictureFile.ReadInfoText(folder["web.png"])!)["Emphasis"]);
    }

    [Fact]
    public void AChangedPictureIsMadeAgainFromItsTextWithThePictureBesideIt()
    {
        using var folder = new TemporaryFolder();
        PictureFile.Save(folder["init.png"], Picture.Filled(32, 24, 10, 200, 60));
        string[] rest = ["--precision", "f32", "--model", quick[^1]], given = ["--init", "init.png"];
        Cli.RunIn(folder.Path, ["generate", "pen", .. given, "--outpaint", "0,0,32,8", "--fill", "noise", "--strength", "0.6", "-o", "a.png", .. quick]).Ended(0);
        string told = Cli.RunIn(folder.Path, ["generate", "--from", "a.png", .. given, "-o", "b.png", .. rest]).Ended(0).Error;
        Assert.DoesNotContain("not honoured", told, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
        Cli.RunIn(folder.Path, ["generate", "--from", "a.png", .. given, "--strength", "0.9", "--mask-blur", "2", "-o", "c.png", .. rest]).Ended(0);
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder["c.png"])!);
        Assert.Equal(("0.9", "2", "64x32"), (info["Denoising strength"], info["Mask blur"], info["Size"]));
        Cli.RunIn(folder.Path, ["generate", "pen", .. given, "--outpaint", "8", "-o", "d.png", .. rest]).Ended(2);
    }

    [Fact]
    public void AStoppedCallGoesOnWithWhatIsNotThereYet()
    {
        using var folder = new TemporaryFolder();
        string[] call = ["generate", "pen", "cat face", "--seed", "1,2", "-o", "all", "--resume", .. quick, "--width", "32", "--height", "32"];
        string[] first = Cli.RunIn(folder.Path, call).Ended(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(4, first.Length);
        var lost = PictureFile.Read(folder[first[1]]);
        byte[] kept = File.ReadAllBytes(folder[first[2]]);
        File.Delete(folder[first[1]]);
        File.SetLastWriteTimeUtc(folder[first[2]], DateTime.UnixEpoch);
        var again = Cli.RunIn(folder.Path, call).Ended(0);
        Assert.Contains("3 of 4 pictures are there already", again.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        string[] second = again.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal([first[0], first[2], first[3]], [second[0], second[2], second[3]]);
        var found = PictureFile.Read(folder[second[1]]);
        Assert.Equal(BatchPlace.WithoutIt(lost.InfoText!), found.InfoText);
        // Drawn alone it is rounded otherwise than in a batch, of which the text told.
        Assert.All(lost.Pixels.Zip(found.Pixels), pair => Assert.InRange(pair.First - pair.Second, -2, 2));
        Assert.Equal(kept, File.ReadAllBytes(folder[first[2]]));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(folder[first[2]]));
        Cli.RunIn(folder.Path, ["generate", "pen", "-o", "one.png", "--resume", .. quick]).Ended(2);
    }

    [Fact]
    public void ChoicesAreDrawnBySeedOrAllOfThem()
    {
        using var folder = new TemporaryFolder();
        string[] small = [.. quick, "--width", "32", "--height", "32", "--seed", "1"];
        string[] all = Cli.RunIn(folder.Path, ["generate", "a {pen|fox}", "--combinations", "5", "-o", "all", .. small]).Ended(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["a pen", "a fox"], all.Select(file => InfoText.Parse(PictureFile.ReadInfoText(folder[file.Trim()])!).Prompt));
        string one = Cli.RunIn(folder.Path, ["generate", "a {pen|fox}", "--dynamic", "-o", "one.png", .. small]).Ended(0).Out.Trim();
        Assert.Equal(new DynamicPrompts(Wildcards.None).Draw("a {pen|fox}", 1).Prompts.Single(), InfoText.Parse(PictureFile.ReadInfoText(folder[one])!).Prompt);
        Assert.Contains("line 1, column 3", Cli.RunIn(folder.Path, ["generate", "a {pen", "--dynamic", "-o", "two.png", .. small]).Ended(1).Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void NoiseIsOfTheSourceAndTheVariationThatAreAskedFor()
    {
        using var folder = new TemporaryFolder();
        string[] varied = ["generate", "pen", "-s", "7", "--rng", "NV", "--variation-seed", "9", "--variation-strength", "0.3", "--seed-resize", "32x32", "-o", "a.png", .. quick];
        Cli.RunIn(folder.Path, varied).Ended(0);
        string text = PictureFile.ReadInfoText(folder["a.png"])!;
        Assert.Contains("Variation seed: 9, Variation seed strength: 0.3, Seed resize from: 32x32, RNG: NV", text);
        Assert.Contains("not used: --variation-strength is 0", Cli.RunIn(folder.Path, ["generate", "pen", "--variation-seed", "9", "-o", "b.png", .. quick]).Ended(0).Error);
        Assert.Contains("is not a size", Cli.RunIn(folder.Path, ["generate", "pen", "--seed-resize", "32", "-o", "c.png", .. quick]).Ended(2).Error);
        Assert.Contains("is not a seed", Cli.RunIn(folder.Path, ["generate", "pen", "--variation-seed", "x", "-o", "c.png", .. quick]).Ended(2).Error);
    }

    [Fact]
    public void WhatOfAPictureCannotBeMadeAgainIsSaid()
    {
        using var folder = new TemporaryFolder();
        PictureFile.Save(folder["a.png"], Picture.Filled(8, 8, 1, 2, 3), "a fox <lora:ink:1>\nSteps: 2, Sampler: Euler, Seed: 5, Size: 32x32, Hires checkpoint: other, Version: v1.10.1");
        string said = Cli.RunIn(folder.Path, ["generate", "--from", "a.png", "-o", "b.png", .. quick]).Ended(0).Error;
        Assert.Contains("there is no adapter ink", said);
        Assert.Contains("Hires checkpoint: other is not honoured", said);
        PictureFile.Save(folder["silent.png"], Picture.Filled(8, 8, 1, 2, 3));
        Assert.Contains("does not say how it was made", Cli.RunIn(folder.Path, ["generate", "--from", "silent.png", .. quick]).Ended(1).Error);
    }

    [Fact]
    public void LinesWithOptionsAreDrawnEachForItself()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p.txt"], "pen --w 32 --h 64 --d 3 --ss euler\ncat face --s 1 --n red --f cat.webp\n");
        var result = Cli.RunIn(folder.Path, ["generate", "--prompts-file", "p.txt", "-s", "9", "-o", "p", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        Assert.Equal([Path.Combine("p", "00001-3.png"), Path.Combine("p", "cat.webp")], result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()));
        var (pen, cat) = (InfoText.Parse(PictureFile.ReadInfoText(folder["p/00001-3.png"])!), InfoText.Parse(PictureFile.ReadInfoText(folder["p/cat.webp"])!));
        Assert.Equal(("pen", "3", (32, 64), "Euler"), (pen.Prompt, pen["Seed"], pen.Size, pen["Sampler"]));
        Assert.Equal(("cat face", "red", "9", "1"), (cat.Prompt, cat.NegativePrompt, cat["Seed"], cat["Steps"]));
    }

    [Theory]
    [InlineData("pen --ar 16:9", "a line's options are", 1)]
    [InlineData("pen --t 0.5", "begun with one", 1)]
    [InlineData("pen --ss nope", "there is no sampler", 1)]
    [InlineData("pen --am 0.5", "1 strengths (\"--am\") for 0 adapters", 1)]
    public void AnOptionOfALineThatCannotBeDoneIsAnError(string line, string fault, int exit)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p.txt"], line);
        Assert.Contains(fault, Cli.RunIn(folder.Path, "generate", "--prompts-file", "p.txt", "--model", "nowhere").Ended(exit).Error);
    }

    [Fact]
    public void StylesGoOnPromptsAndNamesAreByThePattern()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["styles.csv"], "name,prompt,negative_prompt\nInk,\"ink of {prompt}, black\",photo\n");
        var result = Cli.RunIn(folder.Path, ["generate", "pen", "--style", "Ink", "-s", "4", "--names", "[seed]/[prompt_words] [styles] [prompt_no_styles]", "--format", "webp", "--lossless", "-o", "p", .. quick, "--width", "32", "--height", "32"]).Ended(0);
        Assert.Equal(Path.Combine("p", "4", "ink of pen black Ink pen.webp").Replace('\\', '/'), result.Out.Trim().Replace('\\', '/'));
        var info = InfoText.Parse(PictureFile.ReadInfoText(folder[result.Out.Trim()])!);
        Assert.Equal(("ink of pen, black", "photo"), (info.Prompt, info.NegativePrompt));
        Assert.Contains("(nearest: Ink).", Cli.RunIn(folder.Path, ["generate", "pen", "--style", "Inc", .. quick]).Ended(1).Error);
    }

    [Fact]
    public void AWordOfAPatternThatIsNoneIsSaid()
    {
        using var folder = new TemporaryFolder();
        string said = Cli.RunIn(folder.Path, ["generate", "pen", "-s", "4", "--names", "[sed]", "--quality", "50", "-o", "p", .. quick, "--width", "32", "--height", "32"]).Ended(0).Error;
        Assert.Contains("nearest: seed", said);
        Assert.Contains("--quality 50 is not used", said);
    }
}
