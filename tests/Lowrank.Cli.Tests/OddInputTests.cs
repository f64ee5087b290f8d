using System.Diagnostics;
using Lowrank.Diffusion;

namespace Lowrank.Cli.Tests;

/// <summary>What is given and is not as it should be: used, told, or refused before any work, never passed over.</summary>
public sealed class OddInputTests : IDisposable
{
    static readonly string[] quick =
        ["--steps", "1", "--precision", "f32", "--seed", "5", "--width", "32", "--height", "32", "--model", MadeFiles.Emoji];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    Cli.Result Draw(params string[] args) => Cli.RunIn(folder.Path, ["generate", .. args, .. quick]);

    string Told(params string[] args) => Draw(args).Ended(0).Error.ReplaceLineEndings(" ");

    [Theory, InlineData("--dynamic"), InlineData("--combinations", "9")]
    public void AChoiceOfMoreThanThereAreAndWildcardsWithoutValuesAreTold(params string[] way)
    {
        Directory.CreateDirectory(folder["w"]);
        File.WriteAllText(folder["w/empty.txt"], "# nothing\n\n");
        string told = Told(["a {5$$pen|ink}, __empty__, __absent__", "--wildcards-dir", "w", "-o", "p", .. way]);
        Assert.Contains("a choice from \"pen\" and \"ink\" asks for 5, and gets no more than the 2 that there are", told);
        Assert.Contains("the wildcard empty is empty: the prompt holds its name as it stands", told);
        Assert.Contains("there is no wildcard absent", told);
    }

    [Theory]
    [InlineData("--output"), InlineData("--adapter"), InlineData("--model"), InlineData("--init"), InlineData("--from")]
    public void APlaceWithoutANameIsRefused(string option) =>
        Assert.Contains($"{option} is empty", Cli.Run("generate", "a fox", option, "").Ended(2).Error);

    [Fact]
    public void ChoicesOfANegativePromptUnderCombinationsAreTold() =>
        Assert.Contains("the choices of the negative prompt are not made", Told("{pen|ink}", "-n", "{red|blue}", "--combinations", "2", "-o", "p"));

    [Fact]
    public void WhatIsGivenTwiceOrForNothingIsTold()
    {
        Directory.CreateDirectory(folder["l"]);
        Directory.CreateDirectory(folder["w"]);
        MadeFiles.Adapter(folder["l/ink.safetensors"], MadeFiles.Emoji);
        string[] twice = ["pen <lora:ink:0.1>", "pen <lora:ink:0.1>", "--seed", "5", "--adapters-dir", "l", "-a", "l/ink.safetensors:0.1"];
        string told = Told([.. twice, "--dynamic", "--overwrite", "-o", "p"]);
        Assert.Contains("the seed 5 is given 2 times, and each of them is drawn", told);
        Assert.Contains("the prompt \"pen <lora:ink:0.1>\" is given 2 times", told);
        Assert.Contains("l/ink.safetensors is given 2 times, and each of them counts", told);
        Assert.Contains("--dynamic chooses nothing", told);
        Assert.Contains("--overwrite is not used", told);
        Assert.Contains("the folder of wildcards w is not used", Told("a {pen|pen}", "--dynamic", "--wildcards-dir", "w", "-o", "p"));
        Assert.Contains("--combinations is not used", Told("pen", "--combinations", "3", "-o", "p"));
        Assert.Contains("part 2 of the matrix \"pen||x\" is empty", Told("pen||x", "--matrix", "-o", "m.png"));
    }

    [Fact]
    public void SignsThatTheChosenProgramReadsAsWordsAreTold()
    {
        Assert.Contains("read as plain words: [a|b] (words that change on the way), AND (prompts joined)", Told("[a|b] AND c", "--compat", "comfyui", "-o", "p"));
        Assert.Contains("<lora:x:1> is read as words, and no adapter works by it", Told("<lora:x:1> c", "--compat", "comfyui", "-o", "p"));
        Assert.Contains("\":abc)\" gives no weight there", Told("(x:abc)", "--compat", "a1111", "-o", "p"));
    }

    [Fact]
    public void AFileOfWordsThatNoPromptSaysIsTold()
    {
        Tiny.Safetensors(folder["words.safetensors"], ("foo", [2, 128]));
        Assert.Contains("words.safetensors holds no layers but the learnt foo, which no prompt says", Told("pen", "-a", "words.safetensors", "-o", "p"));
        Assert.DoesNotContain("which no prompt says", Told("a foo pen", "-a", "words.safetensors", "-o", "p"));
        Assert.DoesNotContain("which no prompt says", Told("pen", "-n", "foo", "-a", "words.safetensors", "-o", "p"));
    }

    [Fact]
    public void AnInterruptedCallIsResumedToTheSamePictures()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        string[] call = ["generate", "pen", "--seed", "1,2,3", "--batch", "1", "--steps", "60", "--precision", "f32", "--model", MadeFiles.Emoji, "-o"];
        string[] whole = [.. Cli.RunIn(folder.Path, [.. call, "whole"]).Ended(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim())];
        using (var process = Cli.Start(folder.Path, [.. call, "parts"]))
        {
            while (!process.HasExited && !File.Exists(folder["parts/00001-1.png"])) Thread.Sleep(20);
            Cli.Interrupt(process);
            process.WaitForExit();
            Assert.Equal(130, process.ExitCode);
        }
        File.WriteAllText(folder["parts/00009-3.png"], "");
        var resumed = Cli.RunIn(folder.Path, [.. call, "parts", "--resume"]).Ended(0);
        Assert.Contains("of 3 pictures", resumed.Error);
        Assert.Contains("00009-3.png cannot be read as a picture", resumed.Error.ReplaceLineEndings(" "));
        string[] parts = [.. resumed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim())];
        Assert.Equal(3, parts.Length);
        Assert.All(whole.Zip(parts), pair => Assert.Equal(File.ReadAllBytes(folder[pair.First]), File.ReadAllBytes(folder[pair.Second])));
        Assert.Equal("", File.ReadAllText(folder["parts/00009-3.png"]));
    }

    [Fact]
    public void ASecondPassOfAnotherSizeThanItsScaleGivesIsTold() =>
        Assert.Contains("32x32 enlarged 1.3 times is 41x41, and is cut to 40x40", Told("pen", "--hires", "1.3", "-o", "p"));

    [Theory, InlineData("0.8:te=0"), InlineData("0.5:te=0.5:unet=0.5")]
    public void StrengthsOfPartsComeBackByteForByte(string strengths)
    {
        string ink = Path.Combine(GoldenFolder.Repository, "models", "loras", "ink.safetensors");
        Told("pen", "--adapter", $"{ink}:{strengths}", "-o", "one.png");
        Cli.RunIn(folder.Path, "generate", "--from", "one.png", "--adapter", ink, "--model", MadeFiles.Emoji, "-o", "two.png").Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["one.png"]), File.ReadAllBytes(folder["two.png"]));
    }

    [Fact]
    public void ColumnsThatAFileOfStylesLacksAreTold()
    {
        File.WriteAllText(folder["two.csv"], "name,prompt\nInk,\"{prompt}, ink style\"\n");
        File.WriteAllText(folder["other.csv"], "title,words\nInk,ink\n");
        Assert.Contains("names no column negative_prompt", Told("pen", "--style", "Ink", "--styles-file", "two.csv", "-o", "p"));
        string said = Draw("pen", "--style", "Ink", "--styles-file", "other.csv", "-o", "p").Ended(1).Error;
        Assert.Contains("its first row names title, words; it must name the columns name, prompt", said);
    }

    [Theory]
    [InlineData("x.xyz"), InlineData("out/x.tiff"), InlineData("x.svg")]
    public void AnEndingThatIsNoPicturesIsRefusedBeforeAnyWork(string output)
    {
        var result = Cli.RunIn(folder.Path, "generate", "pen", "-o", output, "--model", "nowhere").Ended(2);
        Assert.Contains($"{output}: pictures are written as .png, .jpg, .webp, .avif, .gif", result.Error);
        Assert.Contains(output, Cli.RunIn(folder.Path, "generate", "pen", "-x", "steps: 1,2", "-o", output, "--model", "nowhere").Ended(2).Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory, InlineData("x.xyz/"), InlineData("run.12"), InlineData("sd1.5"), InlineData("there.abc")]
    public void AFolderMayBeCalledAsOneLikes(string output)
    {
        Directory.CreateDirectory(folder["there.abc"]);
        Draw("pen", "-o", output).Ended(0);
        Assert.Single(Directory.GetFiles(folder[output.TrimEnd('/')]));
    }

    [Fact]
    public void APreviewThatAKilledCallLeftIsToldAndTakenOver()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process is killed");
        string preview = folder["p/lowrank-preview.png"];
        using (var process = Cli.Start(folder.Path, ["generate", "pen", "--preview", "1", "-o", "p", "--steps", "500", .. quick[2..]]))
        {
            while (!process.HasExited && !File.Exists(preview)) Thread.Sleep(20);
            process.Kill();
            process.WaitForExit();
        }
        Assert.True(File.Exists(preview));
        Assert.Contains("another call is at work, or was killed", Told("pen", "-o", "p"));
        Assert.True(File.Exists(preview));
        Assert.Contains("is left of a call that did not end, and is taken over", Told("pen", "--preview", "1", "-o", "p"));
        Assert.False(File.Exists(preview));
        PictureFile.Save(preview, Picture.Filled(8, 8, 1, 2, 3));
        Assert.Contains("something else is there. Move it", Draw("pen", "--preview", "1", "-o", "p").Ended(1).Error);
        Assert.True(File.Exists(preview));
    }

    [Fact]
    public void FoldersThatNothingRefersToAreTold()
    {
        Directory.CreateDirectory(folder["l"]);
        Directory.CreateDirectory(folder["e"]);
        MadeFiles.Adapter(folder["l/ink.safetensors"], MadeFiles.Emoji);
        string told = Told("pen", "--adapters-dir", "l", "--embeddings-dir", "e", "-o", "p");
        Assert.Contains("the folder of adapters l is not used", told);
        Assert.Contains("the folder of learnt words e is not used", told);
        Assert.DoesNotContain("is not used", Told("pen <lora:ink:1>", "--adapters-dir", "l", "-o", "p"));
        Assert.DoesNotContain("is not used", Told("pen", "--adapters-dir", "l", "-a", "l/ink.safetensors", "-o", "p"));
        Assert.DoesNotContain("is not used", Told("pen", "--adapters-dir", "l", "-x", "prompt: pen,pen <lora:ink:1>", "-o", "g"));
    }

    [Theory]
    [InlineData("euler"), InlineData("heun")]
    public void AnEtaThatASamplerDoesNotHeedIsTold(string sampler)
    {
        Assert.Contains($"the sampler option eta is not used: {sampler} does not know it", Told("pen", "--sampler", sampler, "--sampler-option", "eta=0.5", "-o", "p"));
        Assert.DoesNotContain("is not used", Told("pen", "--sampler", "ddim", "--sampler-option", "eta=0.5", "-o", "p"));
    }

    [Fact]
    public void APlaceWhereNobodyMayWriteIsToldBeforeAnyWork()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "devices and system folders are Linux's");
        Assert.Contains("/dev/full is a device, not a folder", Draw("pen", "-o", "/dev/full").Ended(1).Error);
        Assert.Contains("/proc/pictures cannot be written", Draw("pen", "-o", "/proc/pictures").Ended(1).Error);
        Assert.Contains("/proc/pen.png cannot be written", Draw("pen", "-o", "/proc/pen.png").Ended(1).Error);
        File.CreateSymbolicLink(folder["device.png"], "/dev/full");
        Assert.Contains("device.png is no file but a device", Draw("pen", "-o", "device.png", "--overwrite").Ended(1).Error);
    }

    [Fact]
    public void SeveralFaultsStandALineEach()
    {
        File.WriteAllText(folder["graph.json"], """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": -4, "height": "many", "batch_size": 0, "color": 255}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "p"}}}
            """);
        string[] lines = Cli.RunIn(folder.Path, "workflow", "graph.json", "-o", "out").Ended(1).Error.TrimEnd().Split('\n');
        Assert.Equal("graph.json cannot be run:", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.All(lines[1..], line => Assert.StartsWith("  Node 1 (EmptyImage)", line));
        string[] request = Cli.RunIn(folder.Path, "generate", "a", "b", "-o", "x.bmp", "--batch", "0", "--preview", "-1", "--model", "nowhere").Ended(2).Error.TrimEnd().Split('\n');
        Assert.Equal(3, request.Length);
    }

    [Fact]
    public void ASubgraphIsRefusedByItsName()
    {
        File.WriteAllText(folder["graph.json"],
            """{"nodes": [{"id": 5, "type": "u-1"}], "links": [], "definitions": {"subgraphs": [{"id": "u-1", "name": "Detail"}]}}""");
        Assert.Contains("Node 5 is the subgraph \"Detail\", which is not done here", Cli.RunIn(folder.Path, "workflow", "graph.json").Ended(1).Error);
    }

    [Fact]
    public void NamesThatResembleNothingAreNotCalledNearest()
    {
        Directory.CreateDirectory(folder["l"]);
        MadeFiles.Adapter(folder["l/ink.safetensors"], MadeFiles.Emoji);
        string said = Draw("pen <lora:watercolour:1>", "--adapters-dir", "l", "-o", "p").Ended(1).Error;
        Assert.Contains("None resembles it; there are ink.", said);
        Assert.DoesNotContain("earest", Draw("pen", "--sampler", "unicorn", "-o", "p").Ended(2).Error);
        Assert.DoesNotContain("Did you mean", Draw("pen", "--quux", "1").Ended(2).Error);
    }

    [Fact]
    public void EmphasisIsAnAxisInTheWayOfAutomatic1111()
    {
        string[] ways = ["original", "no-norm", "ignore", "none"];
        Draw(["a (red:1.8) pen", "--compat", "a1111", "-x", $"emphasis: {string.Join(",", ways)}", "-o", "grid"]).Ended(0);
        var files = Directory.GetFiles(folder["grid"]).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(5, files.Count);
        Assert.Equal(4, files.Take(4).Select(file => Convert.ToBase64String(PictureFile.Read(file).Pixels)).Distinct().Count());
        string told = Draw("a (red:1.8) pen", "--compat", "a1111", "--emphasis", "no-norm", "-o", "one.png").Ended(0).Out;
        Assert.Equal(PictureFile.Read(files[1]).Pixels, PictureFile.Read(folder[told.Trim()]).Pixels);
    }

    [Fact]
    public void AnotherAutoencoderDecodesAnXlBase()
    {
        string[] call = ["generate", "pen", "--steps", "1", "--precision", "f32", "--seed", "5", "--width", "32", "--height", "32", "--model", MadeFiles.TinyXl];
        Cli.RunIn(folder.Path, [.. call, "-o", "own.png"]).Ended(0);
        var same = Cli.RunIn(folder.Path, [.. call, "--vae", Path.Combine(MadeFiles.TinyXl, "vae"), "-o", "same.png"]).Ended(0);
        Assert.Equal(PictureFile.Read(folder["own.png"]).Pixels, PictureFile.Read(folder["same.png"]).Pixels);
        string sd1 = Path.Combine(Path.GetDirectoryName(MadeFiles.TinyXl)!, "sd1", "vae");
        Cli.RunIn(folder.Path, [.. call, "--vae", sd1, "-o", "other.png"]).Ended(0);
        Assert.NotEqual(PictureFile.Read(folder["own.png"]).Pixels, PictureFile.Read(folder["other.png"]).Pixels);
        Assert.Contains("VAE: ", PictureFile.ReadInfoText(folder["other.png"]));
        Assert.DoesNotContain("Unexpected", same.Error);
    }

    [Fact]
    public async Task AnUnusuallyLargePictureIsToldAndAStopWithinAStepIsHeeded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        string[] large = ["generate", "pen", "-o", "p", "--steps", "1", "--precision", "f32", "--seed", "5", "--width", "4096", "--height", "4096", "--model", MadeFiles.Emoji];
        using var process = Cli.Start(folder.Path, large);
        var error = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            error.Add(line);
            if (line.Contains("times the pixels", StringComparison.Ordinal)) break;
        }
        // Counted in the process's own work, so that it is the same on a machine that does much else.
        var told = process.TotalProcessorTime;
        while (process.TotalProcessorTime - told < TimeSpan.FromSeconds(3)) Thread.Sleep(50);   // the step is under way
        var stopped = process.TotalProcessorTime;
        Cli.Interrupt(process);
        var reading = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var worked = WorkedToTheEnd(process, stopped);
        string rest = await reading;
        Assert.Contains("4096x4096 are 1024 times the pixels that this model was made for (128x128)", string.Join(' ', error));
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Stopped; nothing was saved", rest);
        Assert.InRange((worked - stopped).TotalSeconds, 0, 60);   // a whole step takes many times that
    }

    static TimeSpan WorkedToTheEnd(Process process, TimeSpan worked)
    {
        while (!process.WaitForExit(50))
            try { worked = process.TotalProcessorTime; }
            catch (InvalidOperationException) { }   // it has ended meanwhile
        return worked;
    }

    [Fact]
    public void AGridWithAStepThatASamplerCannotWalkIsRefusedBeforeAnythingIsDrawn()
    {
        string said = Draw("pen", "--sampler", "dpm++sde", "-x", "steps: 2,1", "-o", "g").Ended(2).Error;
        Assert.Contains("Give 2 --steps or more", said);
        Assert.False(Directory.Exists(folder["g"]));
    }

    [Fact]
    public void AStrengthThatWalksNoStepIsToldByItsOption()
    {
        PictureFile.Save(folder["init.png"], Picture.Filled(32, 32, 90, 60, 30));
        Assert.Contains("--strength is 0.9, by which none of 1 step is walked: from 1 on one is", Draw("pen", "--init", "init.png", "--strength", "0.9", "-o", "p").Ended(2).Error);
    }

    [Fact]
    public void AnOptionThatAnAxisOrEveryLineReplacesIsNamed()
    {
        string said = Draw("pen", "-x", "steps: 1,2", "-x", "size: 32x32", "-o", "g").Ended(0).Error;
        Assert.Contains("--steps is not used: the axis \"steps\" says it for each picture", said);
        Assert.Contains("--width is not used: the axis \"size\"", said);
        PictureFile.Save(folder["init.png"], Picture.Filled(32, 32, 90, 60, 30));
        said = Draw("pen", "--init", "init.png", "--strength", "0.6", "-x", "init strength: 1", "-o", "i").Ended(0).Error;
        Assert.Contains("--strength is not used: the axis \"init strength\"", said);
        string ink = Path.Combine(GoldenFolder.Repository, "models", "loras", "ink.safetensors");
        said = Draw("pen", "-a", ink + ":0.3", "-x", "strength: 1", "-o", "s").Ended(0).Error;
        Assert.Contains($"the strength of --adapter {ink}:0.3 is not used: the axis \"strength\"", said);
        said = Draw("pen", "--sampler", "euler_a", "--sampler-option", "eta=0.5", "-x", "eta: 1", "-o", "e").Ended(0).Error;
        Assert.Contains("--sampler-option eta=0.5 is not used: the axis \"eta\"", said);
        File.WriteAllText(folder["lines.txt"], "pen --s 1 --w 32\npen --s 2\n");
        said = Draw("--prompts-file", "lines.txt", "-o", "l").Ended(0).Error;
        Assert.Contains("--steps is not used: every line of the file of prompts has its own", said);
        Assert.DoesNotContain("--width is not used", said);
    }

    [Theory]
    [InlineData("Steps: 0, Size: 32x32", "--steps is 0 (1 to 1000). --steps is what the text of")]
    [InlineData("Steps: 1, Size: 10000000x10000000", "--width and --height are what the text of")]
    [InlineData("Steps: 1, Size: 33x32", "--width is 33 (a multiple of 8, from 8 up). --width is what the text of")]
    public void AValueThatCannotBeIsToldAsTheTextsThatHoldsIt(string fields, string told)
    {
        File.WriteAllText(folder["told.txt"], $"pen\n{fields}, Sampler: Euler, CFG scale: 7, Seed: 1\n");
        string said = Cli.RunIn(folder.Path, "generate", "--from", "told.txt", "--model", MadeFiles.Emoji, "-o", "p.png").Error;
        Assert.Contains(told, said);
        Assert.Contains("told.txt says", said);
        said = Cli.RunIn(folder.Path, "generate", "--from", "told.txt", "--steps", "0", "--width", "33", "--height", "33", "--model", MadeFiles.Emoji, "-o", "p.png").Error;
        Assert.DoesNotContain("what the text of", said);
    }

    [Fact]
    public void AWayToShowIsNamedWhereNothingIsShown() =>
        Assert.Contains("--show-as is not used: the output goes to a file", Draw("pen", "--show-as", "blocks", "-o", "s.png").Ended(0).Error);

    [Fact]
    public void AFolderInPlaceOfAGraphIsTold()
    {
        Directory.CreateDirectory(folder["graphs"]);
        Assert.Contains("graphs is a folder, and a graph is a file", Cli.RunIn(folder.Path, "generate", "--workflow", "graphs").Error);
    }

    [Fact]
    public void APlaceThatTakesNoFilesIsToldInOurWords()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "these places are Linux's");
        Assert.Contains("/proc/x.png cannot be written: /proc takes no files. Give another place by --output", Draw("pen", "-o", "/proc/x.png").Error);
        Assert.Contains("cannot be written: /dev/full is a device, not a folder", Draw("pen", "-o", "/dev/full/x.png").Error);
        Assert.Contains("/sys/x.png cannot be written: who runs this may make no files in /sys", Draw("pen", "-o", "/sys/x.png").Error);
    }

    [Fact]
    public void AStyleWithoutAFileDoesNotBlameAnOptionThatWasNotGiven() =>
        Assert.Contains("There is no styles.csv here", Draw("pen", "--style", "nope", "-o", "p").Ended(1).Error);

    [Fact]
    public void APromptThatIsCutNamesTheOptionThatTakesMore() =>
        Assert.Contains("which --max-tokens raises", Told(string.Concat(Enumerable.Repeat("pen ", 100)), "--max-tokens", "75", "-o", "p"));
}
