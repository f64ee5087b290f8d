namespace Lowrank.Workbench.Tests;

/// <summary>Pictures are changed, drawn larger, and drawn in other programs' ways, by jobs.</summary>
public sealed class ChangedPicturesTests : DrawingTests
{
    GeneratingRequest Request(string output) => Request(output, new() { Steps = 3, Width = 64, Height = 64 }, 5);

    string Given(string name, Picture picture)
    {
        PictureFile.Save(folder[name], picture);
        return folder[name];
    }

    static Picture Halves(int width, int height)
    {
        var levels = new byte[width * height];
        levels.AsSpan(levels.Length / 2).Fill(255);
        return new Mask(width, height, levels).ToPicture();
    }

    [Fact]
    public void WhatTheMaskLeavesOutStaysByteForByteAndIsTheSameTwice()
    {
        var original = Picture.Filled(64, 64, 10, 200, 60);
        var change = new PictureChange(Given("init.png", original)) { Mask = Given("mask.png", Halves(64, 64)), MaskBlur = 0 };
        var first = Drawn(Request("a.png") with { Change = change });
        Assert.Equal(original.Pixels[..(3 * 64 * 32)], first.Pixels[..(3 * 64 * 32)]);
        Assert.NotEqual(original.Pixels, first.Pixels);
        Drawn(Request("b.png") with { Change = change });
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
    }

    [Fact]
    public void OnlyTheMaskedPartIsDrawnAndPastedBackIntoALargerPicture()
    {
        var original = Picture.Filled(200, 120, 10, 200, 60);
        var change = new PictureChange(Given("init.png", original)) { Mask = Given("mask.png", Halves(200, 120)), OnlyMasked = true, Padding = 4, MaskBlur = 0 };
        var drawn = Drawn(Request("a.png") with { Change = change });
        Assert.Equal((200, 120), (drawn.Width, drawn.Height));
        Assert.Equal(original.Pixels[..(3 * 200 * 60)], drawn.Pixels[..(3 * 200 * 60)]);
        Assert.Contains("Inpaint area: Only masked", drawn.InfoText, StringComparison.Ordinal);
    }

    [Fact]
    public void MasksOfAnotherSizeAndMasksThatMarkNothingAreTold()
    {
        var change = new PictureChange(Given("init.png", Picture.Filled(70, 64, 1, 2, 3))) { Mask = Given("mask.png", Picture.Filled(32, 32, 0, 0, 0)) };
        var report = Report(Request("a.png") with { Change = change });
        Assert.Contains(report.Account, line => line.Text.Contains("32x32", StringComparison.Ordinal));
        Assert.Contains(report.Account, line => line.Text.Contains("marks nothing", StringComparison.Ordinal));
        Assert.Contains(report.Account, line => line.Text.Contains("drawn at 64x64", StringComparison.Ordinal));
    }

    [Fact]
    public void AMaskThatItsBlurWashesOutIsToldAndNothingIsDrawnInItAlone()
    {
        var point = new Mask(64, 64, [.. Enumerable.Range(0, 64 * 64).Select(i => i == 0 ? (byte)255 : (byte)0)]);
        var original = Picture.Filled(64, 64, 1, 2, 3);
        var change = new PictureChange(Given("init.png", original)) { Mask = Given("mask.png", point.ToPicture()), MaskBlur = 30 };
        var report = Report(Request("a.png") with { Change = change });
        Assert.Contains(report.Account, line => line.Text.Contains("marks nothing once it is blurred", StringComparison.Ordinal));
        var fault = Assert.Throws<LowrankException>(() => Drawn(Request("b.png") with { Change = change with { OnlyMasked = true } }));
        Assert.Contains("marks nothing once it is blurred", fault.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void AMasksBlurIsOfThePicturesPixelsWhateverTheMasksSize(bool alone)
    {
        var original = Picture.Filled(96, 96, 10, 200, 60);
        var small = new Mask(12, 12, [.. Enumerable.Range(0, 144).Select(i => i / 12 < 4 && i % 12 > 5 ? (byte)255 : (byte)0)]);
        var large = PictureFitting.Fit(small, 96, 96, PictureFit.Stretch);
        var change = new PictureChange(Given("init.png", original)) { OnlyMasked = alone, Padding = 0, MaskBlur = 6 };
        var wanted = Drawn(Request("a.png") with { Change = change with { Mask = Given("large.png", large.ToPicture()) } });
        var drawn = Drawn(Request("b.png") with { Change = change with { Mask = Given("small.png", small.ToPicture()) } });
        Assert.Equal(wanted.Pixels, drawn.Pixels);
        Assert.NotEqual(original.Pixels, drawn.Pixels);
    }

    [Fact]
    public void AHugePictureIsNotDrawnAtItsOwnSizeUnasked()
    {
        var request = Request("a.png") with { Change = new PictureChange(Given("init.png", Picture.Filled(4200, 8, 1, 2, 3))) };
        var error = Assert.Throws<LowrankException>(() => Drawn(request with { Options = new() { Steps = 1, Width = 64 } }));
        Assert.Contains("4200x8 pixels", error.Message, StringComparison.Ordinal);
        Assert.Equal(64, Drawn(request).Width);
    }

    [Fact]
    public void APictureThatIsCalledOtherwiseThanItIsIsTold()
    {
        PictureFile.Save(folder["init.jpg"], Picture.Filled(64, 64, 1, 2, 3));
        File.Move(folder["init.jpg"], folder["init.png"]);
        var report = Report(Request("a.png") with { Change = new PictureChange(folder["init.png"]) });
        Assert.Contains(report.Account, line => line.Text.Contains("init.png is called png and is jpeg", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MaskedContent.Original), InlineData(MaskedContent.Surroundings), InlineData(MaskedContent.Noise), InlineData(MaskedContent.Nothing)]
    public void AGrownPictureKeepsItsOwnPartAndRepeatsFromItsTextBesideThePicture(MaskedContent content)
    {
        var original = Picture.Filled(40, 48, 10, 200, 60);
        var change = new PictureChange(Given("init.png", original), 0.6) { Outpaint = new(16, 0, 4, 16), MaskBlur = 0, Content = content };
        var request = Request("a.png") with { Change = change, Options = new() { Steps = 3 } };
        var drawn = Drawn(request);
        Assert.Equal((64, 64), (drawn.Width, drawn.Height));   // 4 more on the right
        Assert.Equal(original.Pixels, PictureTransforms.Crop(drawn, 16, 0, 40, 48).Pixels);
        var plain = Request("b.png") with { Change = new PictureChange(change.Picture), Options = new() };
        var repeated = RepeatedPicture.Of(InfoText.Parse(drawn.InfoText!), plain, _ => null);
        Assert.Empty(repeated.NotHonoured);
        Drawn(repeated.Request);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
        var without = RepeatedPicture.Of(InfoText.Parse(drawn.InfoText!), Request("c.png"), _ => null);
        Assert.Contains(without.NotHonoured, told => told.StartsWith("Outpaint: 16,0,4,16", StringComparison.Ordinal) && told.Contains("`init`"));
    }

    [Fact]
    public void WhatLiesUnderAMaskMakesOtherPictures()
    {
        var change = new PictureChange(Given("init.png", Picture.Filled(64, 64, 10, 200, 60)), 0.6) { Mask = Given("mask.png", Halves(64, 64)) };
        MaskedContent[] all = [MaskedContent.Original, MaskedContent.Noise, MaskedContent.Nothing];
        var drawn = all.Select(content => Drawn(Request($"{content}.png") with { Change = change with { Content = content } }));
        Assert.Equal(3, drawn.Select(picture => Convert.ToHexString(picture.Pixels)).Distinct().Count());
    }

    [Theory]
    [InlineData("FreeU", 4), InlineData("FreeU", 1), InlineData("PAG scale", 4), InlineData("PAG scale", 1), InlineData("Guidance rescale", 4)]
    public void OtherGuidanceMakesAnotherPictureAndRepeatsFromItsText(string field, double scale)
    {
        var usual = Request("u.png").Options with { GuidanceScale = scale };
        var options = field switch
        {
            "FreeU" => usual with { FreeU = FreeU.Read("1.3,1.4,0.9,0.2") },
            "PAG scale" => usual with { PerturbedScale = 3 },
            _ => usual with { GuidanceRescale = 0.7 },
        };
        var drawn = Drawn(Request("a.png") with { Options = options });
        Assert.NotEqual(Drawn(Request("u.png") with { Options = usual }).Pixels, drawn.Pixels);
        Assert.NotNull(InfoText.Parse(drawn.InfoText!)[field]);
        var repeated = RepeatedPicture.Of(InfoText.Parse(drawn.InfoText!), Request("b.png"), _ => null);
        Assert.Empty(repeated.NotHonoured);
        Drawn(repeated.Request);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
    }

    [Fact]
    public void ASecondPassIsLargerAndRepeatsFromItsText()
    {
        var hires = new HiresOptions(1.5, 0.6) { Upscaler = "Lanczos", Steps = 2 };
        var request = Request("a.png") with { Options = Request("a.png").Options with { Hires = hires } };
        var drawn = Drawn(request);
        Assert.Equal((96, 96), (drawn.Width, drawn.Height));
        var repeated = RepeatedPicture.Of(InfoText.Parse(drawn.InfoText!), Request("b.png"), _ => null);
        Assert.Empty(repeated.NotHonoured);
        Drawn(repeated.Request);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
    }

    [Theory]
    [InlineData("a1111"), InlineData("comfyui"), InlineData("diffusers"), InlineData("none")]
    public void APictureInAProgramsWayRepeatsFromItsText(string program)
    {
        var options = Request("a.png").Options with
        {
            Compat = Compat.Named(program), Sampler = "euler_a", NoiseSource = NoiseSources.Nv,
            Variation = program == "comfyui" ? SeedVariation.None : new() { Seeds = [7], Strength = 0.4 },
        };
        var drawn = Drawn(Request("a.png") with { Options = options });
        var repeated = RepeatedPicture.Of(InfoText.Parse(drawn.InfoText!), Request("b.png"), _ => null);
        Assert.Empty(repeated.NotHonoured);
        Drawn(repeated.Request);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
    }

    [Fact]
    public void ProgramsDrawOtherPicturesOfOneSeed()
    {
        var drawn = Compat.All.Select(program => Drawn(Request($"{program.Name}.png") with
        {
            Prompts = ["(cat:1.4) face"], Options = Request("").Options with { Compat = program, Sampler = "euler_a" },
        })).ToList();
        Assert.NotEqual(drawn[0].Pixels, drawn[1].Pixels);
        Assert.NotEqual(drawn[0].Pixels, drawn[2].Pixels);
    }

    [Fact]
    public void WhatCannotBeDoneIsRefused()
    {
        var change = new PictureChange(Given("init.png", Picture.Filled(64, 64, 1, 2, 3)), Strength: 2) { OnlyMasked = true };
        var faults = (Request("a.png") with { Change = change }).Faults().ToList();
        Assert.Contains(faults, fault => fault.Contains("`strength` is 2", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("`mask`", StringComparison.Ordinal));
        var wrong = Request("a.png") with { Options = Request("a.png").Options with { Hires = new(0.5) { Upscaler = "bigger" } } };
        string message = Assert.Throws<RequestException>(() => Drawn(wrong)).Message;
        Assert.Contains("`hires` is 0.5", message, StringComparison.Ordinal);
        Assert.Contains("Lanczos", message, StringComparison.Ordinal);
    }
}
