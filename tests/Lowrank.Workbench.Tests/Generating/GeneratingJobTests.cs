namespace Lowrank.Workbench.Tests;

/// <summary>Pictures are drawn by jobs that share a shelf.</summary>
public sealed class GeneratingJobTests : IDisposable
{
    static readonly CancellationToken never = CancellationToken.None;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    GeneratingRequest Request(string output, params IReadOnlyList<string> prompts) => new(EmojiModel.Folder, prompts, [5], folder[output])
    {
        Options = new() { Steps = 2, Batch = 1 },
        Precision = "f32",
        Device = "cpu",
    };

    [Fact]
    public void AnAdapterIsGoneFromTheModelWhenTheJobIsDone()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var job = new GeneratingJob(shelf);
        byte[] Draw(string name, params AdapterChoice[] adapters)
        {
            job.Run(Request(name, "cat face") with { Adapters = adapters }, null, never);
            return PictureFile.Read(folder[name]).Pixels;
        }
        var plain = Draw("plain.png");
        Assert.NotEqual(plain, Draw("adapted.png", new AdapterChoice(folder["tiny.safetensors"])));
        Assert.Equal(plain, Draw("again.png"));
        Assert.Equal(1, shelf.Count);
    }

    [Theory]
    [InlineData(":step=5-20", "works in the UNet from step 5 to before step 20, and 2 steps are walked: it changes nothing there")]
    [InlineData(":start=8", "works in the UNet from step 8, and 2 steps are walked")]
    [InlineData(":1,0.5@10", "0.5@10 of ", "is not reached: 2 steps are walked")]
    [InlineData(":te=1,0@3:unet=1,0.5@2", "0@3 of ", "is not reached")]
    [InlineData(":step=2-9")]
    [InlineData(":1,0.5@2,0@0.9")]
    public void AnAdapterWhoseStepsAreNotWalkedIsToldOf(string settings, params string[] told)
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var (choice, _) = DrawnAdapterArgument.Parse(folder["tiny.safetensors"] + settings);
        var report = new GeneratingJob(shelf).Run(Request("one.png", "cat face") with { Adapters = [choice!] }, null, never);
        string account = string.Join('\n', report.Account.Select(line => line.ToString()));
        Assert.Equal(told.Length > 0, account.Contains("are walked", StringComparison.Ordinal));
        Assert.All(told, part => Assert.Contains(part, account, StringComparison.Ordinal));
    }

    [Fact]
    public void StepsOfASecondPassAreWalkedToo()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var request = Request("one.png", "cat face");
        request = request with
        {
            Adapters = [DrawnAdapterArgument.Parse(folder["tiny.safetensors"] + ":step=3-9").Choice!],
            Options = request.Options with { Width = 32, Height = 32, Hires = new(2) { Steps = 3 } },
        };
        Assert.DoesNotContain("are walked", string.Join('\n', new GeneratingJob(shelf).Run(request, null, never).Account.Select(line => line.ToString())));
    }

    [Fact]
    public void PicturesThatMemorySentThroughTilesAreNotDrawnAgain()
    {
        using var shelf = new ModelShelf();
        var request = Request("tiled", "cat face");
        new GeneratingJob(shelf).Run(request with { Options = request.Options with { Tiling = TilingChoice.Always } }, null, never);
        new GeneratingJob(shelf).Run(request with { Resume = true }, null, never);
        Assert.Single(Directory.GetFiles(folder["tiled"]));
    }

    [Fact]
    public void PreviewsStandBesideTheOutputWhileItIsDrawn()
    {
        using var shelf = new ModelShelf();
        var told = new List<string>();
        bool wasThere = false;
        var request = Request("one.png", "cat face") with { PreviewEvery = 1, Options = new() { Steps = 3, Batch = 1 } };
        new GeneratingJob(shelf).Run(request, new Reported<JobEvent>(one =>
        {
            if (one is JobNote note) told.Add(note.Text);
            wasThere |= File.Exists(folder["one.preview.png"]);
        }), never);
        Assert.Contains("linear approximation", Assert.Single(told), StringComparison.Ordinal);
        Assert.True(wasThere);
        Assert.Equal([folder["one.png"]], Directory.GetFiles(Path.GetDirectoryName(folder["one.png"])!));
    }

    [Fact]
    public void NoTensorOutlivesTheShelf() => LeakGuard.NoTensorLeaks(() =>
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var request = Request("one.png", "cat face") with { Adapters = [new(folder["tiny.safetensors"], 0.5)] };
        new GeneratingJob(shelf).Run(request, null, never);
    });

    [Fact]
    public async Task TwoJobsAtOnceDrawOneAfterTheOtherAndEachTellsItsOwnProgress()
    {
        using var shelf = new ModelShelf();
        var job = new GeneratingJob(shelf);
        List<JobProgress> Drawn(string output, params string[] prompts)
        {
            var told = new List<JobProgress>();
            job.Run(Request(output, prompts), new Reported<JobEvent>(one => told.Add(Assert.IsAssignableFrom<JobProgress>(one))), never);
            return [.. told.Where(progress => progress.Stage == "pictures")];
        }
        var both = await Task.WhenAll(Task.Run(() => Drawn("one", "cat face", "pen"), never), Task.Run(() => Drawn("two", "dog face"), never));
        foreach (var (told, pictures) in both.Zip([2, 1]))
        {
            Assert.All(told, progress => Assert.Equal(2 * pictures, progress.Total));
            Assert.Equal([.. told.Select(progress => progress.Done).Order()], told.Select(progress => progress.Done));
            Assert.Single(told, progress => progress.IsDone);
            Assert.Equal(1, told[^1].Share);
        }
        // What was drawn beside another job is what is drawn alone.
        job.Run(Request("alone.png", "dog face"), null, never);
        string beside = Assert.Single(Directory.GetFiles(folder["two"]));
        Assert.Equal(PictureFile.Read(folder["alone.png"]).Pixels, PictureFile.Read(beside).Pixels);
    }

    [Fact]
    public void AStoppedJobSaysWhatItSavedAndGivesTheModelBack()
    {
        using var shelf = new ModelShelf();
        using var source = new CancellationTokenSource();
        var job = new GeneratingJob(shelf);
        var stop = new Reported<JobEvent>(one =>
        {
            if (one is JobProgress { Stage: "pictures", Done: > 2 }) source.Cancel();
        });
        var stopped = Assert.Throws<StoppedException>(() => job.Run(Request("some", "cat face", "pen"), stop, source.Token));
        Assert.Contains("saved 1 of 2", stopped.Message);
        Assert.Single(Directory.GetFiles(folder["some"]));
        Assert.Single(job.Run(Request("more", "pen"), null, never).Files);
    }

    [Fact]
    public void OfAPictureThatShowsNothingFewStepsAndStrengthsAreNamed()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"]);
        using var shelf = new ModelShelf();
        var notes = new List<string>();
        var told = new Reported<JobEvent>(one => { if (one is JobNote note) notes.Add(note.Text); });
        new GeneratingJob(shelf).Run(Request("far.png", "cat face") with { Adapters = [new(folder["tiny.safetensors"], 1e4)] }, told, never);
        string far = Assert.Single(notes, note => note.Contains("shows nothing that the model knows", StringComparison.Ordinal));
        Assert.Contains("2 sampling steps are few; 20 are usual.", far);
        Assert.Contains("tiny.safetensors:10000 too far from 1", far);
    }

    [Fact]
    public void AllFaultsOfARequestAreTold()
    {
        using var shelf = new ModelShelf();
        var request = Request("two.png", "a", "b") with { Options = new() { Batch = 0 } };
        Assert.Equal(2, Assert.Throws<RequestException>(() => new GeneratingJob(shelf).Run(request, null, never)).Faults.Count);
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void PicturesAreWrittenAndNamedAsAsked()
    {
        using var shelf = new ModelShelf();
        var request = Request("named", "cat face, ink", "pen") with
        {
            Seeds = [5, 6],
            Names = new FileNamePattern("[seed]-[prompt_words]-[generation_number]-[sampler_scheduler]"),
            Encoding = new PictureEncoding(PictureFormat.Named("webp")) { Lossless = true },
        };
        var files = new GeneratingJob(shelf).Run(request with { Options = request.Options with { Width = 32, Height = 32 } }, null, never).Files;
        string[] names = ["5-cat face ink-1-DPM++ 2M Karras.webp", "6-cat face ink-2-DPM++ 2M Karras.webp", "5-pen-3-DPM++ 2M Karras.webp", "6-pen-4-DPM++ 2M Karras.webp"];
        Assert.Equal(names, files.Select(Path.GetFileName));
        Assert.Equal("pen", InfoText.Parse(PictureFile.ReadInfoText(files[3])!).Prompt);
    }

    [Theory]
    [InlineData("a.jpg", "jpeg", null)]
    [InlineData("a.png", "webp", "is to be a webp")]
    [InlineData("a.tiff", null, "are written as .png")]
    [InlineData("a.JPG", null, null)]
    public void AFileThatIsToBeAnotherFormatIsRefused(string output, string? format, string? fault)
    {
        var request = Request(output, "pen") with { Encoding = format is null ? null : new(PictureFormat.Named(format)) };
        if (fault is null) Assert.Empty(request.Faults());
        else Assert.Contains(fault, Assert.Single(request.Faults()));
    }

    [Fact]
    public void TextEncodersFollowTheStepsToo()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"], textEncoder: true);
        using var shelf = new ModelShelf();
        int drawn = 0;
        byte[] Draw(string strength)
        {
            string name = $"{drawn++}.png";
            var (adapter, fault) = DrawnAdapterArgument.Parse($"{folder["tiny.safetensors"]}:{strength}");
            Assert.Null(fault);
            var request = Request(name, "cat face") with { Adapters = [adapter!], Options = new() { Steps = 4, Batch = 1 } };
            new GeneratingJob(shelf).Run(request, null, never);
            return PictureFile.Read(folder[name]).Pixels;
        }
        byte[] constant = Draw("0.5:te=0.5:unet=0.5"), withoutText = Draw("te=0:unet=0.5");
        Assert.NotEqual(constant, withoutText);
        Assert.Equal(constant, Draw("te=0.5,0.5@3:unet=0.5"));
        Assert.Equal(withoutText, Draw("te=0,0@0.5:unet=0.5"));
        // Another text in the later steps is another picture, and one beyond the end is none.
        byte[] turning = Draw("te=0.5,0@3:unet=0.5");
        Assert.NotEqual(constant, turning);
        Assert.NotEqual(withoutText, turning);
        Assert.Equal(turning, Draw("te=0.5,0@0.5:unet=0.5"));
        Assert.Equal(constant, Draw("te=0.5,0@9:unet=0.5"));
        Assert.Equal(Draw("0.5:step=1-3"), Draw("te=0.5:unet=0.5,0@3"));
    }

    [Fact]
    public void APictureTellsStrengthsThatChangeAndIsMadeAgainWithThem()
    {
        EmojiModel.WriteLora(folder["tiny.safetensors"], textEncoder: true);
        using var shelf = new ModelShelf();
        var adapter = DrawnAdapterArgument.Parse($"{folder["tiny.safetensors"]}:te=1,0@2:unet=0.5").Choice!;
        var request = Request("one.png", "cat face") with { Adapters = [adapter] };
        new GeneratingJob(shelf).Run(request, null, never);
        var repeated = RepeatedPicture.OfFile(folder["one.png"], Request("two.png"), name => name == "tiny" ? folder["tiny.safetensors"] : null);
        Assert.Empty(repeated.NotHonoured);
        new GeneratingJob(shelf).Run(repeated.Request, null, never);
        Assert.Equal(PictureFile.Read(folder["one.png"]).Pixels, PictureFile.Read(folder["two.png"]).Pixels);
    }

    [Fact]
    public void APlaceThatCannotHoldPicturesIsToldBeforeTheModelIsLoaded()
    {
        File.WriteAllText(folder["plain"], "mine");
        Directory.CreateDirectory(folder["dir.png"]);
        foreach (var (output, said) in new[] { ("plain", "not a folder"), ("plain/sub", "is a file, not a folder"), ("plain/x.png", "is a file, not a folder"), ("dir.png", "is a folder") })
            Assert.Contains(said, Assert.Throws<LowrankException>(() => new GeneratingRequest(EmojiModel.Folder, ["a"], [7], folder[output]).CheckFiles()).Message);
    }

    [Fact]
    public void PicturesThatNoMachineHasRoomForAreRefused()
    {
        using var shelf = new ModelShelf();
        var request = new GeneratingRequest(EmojiModel.Folder, ["a"], [7], folder["x.png"]) { Options = new() { Width = 20000, Height = 20000 }, Device = "cpu" };
        Assert.Contains("20000x20000 are 400 megapixels (fewer than 200)", Assert.Throws<RequestException>(() => new GeneratingJob(shelf).Run(request, null, CancellationToken.None)).Message);
    }

    static string Account(GeneratingReport report) => string.Join('\n', report.Account.Select(line => line.ToString()));

    [Fact]
    public void WordsThatNoStepSaysAreToldAndRefusedWhereAllHasToBeUsed()
    {
        using var shelf = new ModelShelf();
        var request = Request("one.png", "[cat:dog:50] face [a:b:0]");
        request = request with { Options = request.Options with { Syntax = PromptSyntax.WebUi, NegativePrompt = "[x:y:9]" } };
        string told = Account(new GeneratingJob(shelf).Run(request, null, never));
        Assert.Contains("\"dog\" of [cat:dog:50] is never said: 2 steps are walked", told);
        Assert.Contains("\"a\" of [a:b:0] is never said", told);
        Assert.Contains("\"y\" of [x:y:9] is never said", told);
        var strict = request with { Output = folder["two.png"], Strict = true };
        Assert.Contains("is never said", Assert.Throws<LowrankException>(() => new GeneratingJob(shelf).Run(strict, null, never)).Message);
        var plain = request with { Output = folder["three.png"], Options = request.Options with { Syntax = PromptSyntax.Plain } };
        Assert.DoesNotContain("is never said", Account(new GeneratingJob(shelf).Run(plain, null, never)));
    }

    // Heun asks three times in two steps, so that the third evaluation says what is to come after the first; the adaptive one as it likes.
    [Theory]
    [InlineData("euler", "[a:b:1]", true)]
    [InlineData("heun", "[a:b:1]", false)]
    [InlineData("heun", "[a:b:50]", true)]
    [InlineData("dpm_adaptive", "[a:b:1]", false)]
    [InlineData("dpm_adaptive", "[a:b:50]", true)]
    public void WhatASamplerMayComeToIsNotCalledUnsaid(string sampler, string prompt, bool isUnsaid)
    {
        using var shelf = new ModelShelf();
        var request = Request("one.png", prompt);
        request = request with { Options = request.Options with { Syntax = PromptSyntax.WebUi, Sampler = sampler } };
        Assert.Equal(isUnsaid, Account(new GeneratingJob(shelf).Run(request, null, never)).Contains("is never said", StringComparison.Ordinal));
    }

    [Fact]
    public void APictureThatIsCutIsDrawnAgain()
    {
        using var shelf = new ModelShelf();
        var request = Request("cut", "cat face") with { Seeds = [5, 6] };
        var files = new GeneratingJob(shelf).Run(request, null, never).Files;
        byte[] whole = File.ReadAllBytes(files[1]);
        File.WriteAllBytes(files[1], whole[..400]);
        Assert.NotNull(PictureFile.ReadInfoText(files[1]));
        var told = new List<string>();
        var listener = new Reported<JobEvent>(one =>
        {
            if (one is JobNote note) told.Add(note.Text);
        });
        var again = new GeneratingJob(shelf).Run(request with { Resume = true }, listener, never).Files;
        Assert.Contains($"{files[1]} cannot be read as a picture", string.Join('\n', told));
        Assert.Contains("1 of 2 pictures is there already", string.Join('\n', told));
        Assert.Equal(files[0], again[0]);
        Assert.Equal(whole, File.ReadAllBytes(again[1]));
    }

    [Fact]
    public void LineEndsOfAPromptAreThoseThatItsTextBringsBack()
    {
        using var shelf = new ModelShelf();
        var request = Request("windows.png", "cat\r\nface\rink");
        new GeneratingJob(shelf).Run(request with { Options = request.Options with { NegativePrompt = "pen\r\nbox" } }, null, never);
        string text = PictureFile.ReadInfoText(folder["windows.png"])!;
        Assert.StartsWith("cat\nface\nink\nNegative prompt: pen\nbox\nSteps: ", text);
    }

    [Fact]
    public void AStrengthThatWalksNoStepIsAFaultOfTheRequest()
    {
        PictureFile.Save(folder["init.png"], Picture.Filled(32, 32, 90, 60, 30));
        using var shelf = new ModelShelf();
        var request = Request("one.png", "cat face");
        request = request with { Options = request.Options with { Steps = 3 }, Change = new(folder["init.png"], 0.3333) };
        string fault = Assert.Single(Assert.Throws<RequestException>(() => new GeneratingJob(shelf).Run(request, null, never)).Faults);
        Assert.Contains("`strength` is 0.3333, by which none of 3 steps is walked: from 0.334 on one is", fault);
        new GeneratingJob(shelf).Run(request with { Change = request.Change! with { Strength = 0.334 } }, null, never);
    }

    [Theory, InlineData("dpm++sde"), InlineData("dpm++2m_sde"), InlineData("dpm++2m_sde_heun"), InlineData("dpm++3m_sde")]
    public void ASamplerOfABrownianMotionWantsTwoSteps(string sampler)
    {
        using var shelf = new ModelShelf();
        var request = Request("one.png", "cat face");
        request = request with { Options = request.Options with { Steps = 1, Sampler = sampler } };
        Assert.Contains("Give 2 `steps` or more", Assert.Throws<RequestException>(() => new GeneratingJob(shelf).Run(request, null, never)).Message);
        new GeneratingJob(shelf).Run(request with { Options = request.Options with { Steps = 2 } }, null, never);
        var second = request with { Output = folder["two.png"], Options = request.Options with { Sampler = "euler", Hires = new(2) { Sampler = sampler, Steps = 1 } } };
        Assert.Contains("In the second pass", Assert.Throws<RequestException>(() => new GeneratingJob(shelf).Run(second, null, never)).Message);
    }

    [Fact]
    public void APreviewThatNeverComesAndAVariationWithoutASeedAreTold()
    {
        using var shelf = new ModelShelf();
        var request = Request("one.png", "cat face") with { PreviewEvery = 2 };
        request = request with { Options = request.Options with { Variation = new() { Strength = 0.5 } } };
        string told = Account(new GeneratingJob(shelf).Run(request, null, never));
        Assert.Contains("`preview` is 2, and no pass has more steps", told);
        Assert.Contains("no `variation seed` is given: the noise of seed 0 is mixed in", told);
    }

    [Fact]
    public void AnEtaThatTheWebUiGivesASamplerNotIsTold()
    {
        using var shelf = new ModelShelf();
        const string text = "cat face\nSteps: 2, Sampler: DPM++ 2M Karras, CFG scale: 3, Seed: 7, Size: 32x32, Eta: 0.3";
        var repeated = RepeatedPicture.Of(InfoText.Parse(text), Request("one.png"), _ => null);
        Assert.Contains("the sampler option eta is not used: AUTOMATIC1111 gives DPM++ 2M none", Account(new GeneratingJob(shelf).Run(repeated.Request, null, never)));
    }

    [Fact]
    public void APromptWithALineOfTheNegativeOneComesBackAndInTheWebUisWayIsTold()
    {
        using var shelf = new ModelShelf();
        var request = Request("one.png", "cat\nNegative prompt: dog");
        new GeneratingJob(shelf).Run(request, null, never);
        var repeated = RepeatedPicture.OfFile(folder["one.png"], Request("two.png"), _ => null);
        Assert.Empty(repeated.NotHonoured);
        Assert.Equal("cat\nNegative prompt: dog", Assert.Single(repeated.Request.Prompts));
        new GeneratingJob(shelf).Run(repeated.Request, null, never);
        Assert.Equal(File.ReadAllBytes(folder["one.png"]), File.ReadAllBytes(folder["two.png"]));
        var webUi = request with { Output = folder["three.png"], Options = request.Options.In(Compat.WebUi) };
        Assert.Contains("takes a line of it for the negative prompt's", Account(new GeneratingJob(shelf).Run(webUi, null, never)));
    }
}
