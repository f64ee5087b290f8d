using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options of a picture that is changed, whole or in part.</summary>
static class ChangeOptions
{
    static readonly PictureChange usual = new("");

    static readonly Dictionary<string, PictureFit> fits = new()
    {
        ["stretch"] = PictureFit.Stretch, ["crop"] = PictureFit.Crop, ["fill"] = PictureFit.Fill,
    };

    static readonly Dictionary<string, MaskedContent> contents = new()
    {
        ["original"] = MaskedContent.Original,
        ["surroundings"] = MaskedContent.Surroundings,
        ["noise"] = MaskedContent.Noise,
        ["nothing"] = MaskedContent.Nothing,
    };

    /// <summary>Makes them.</summary>
    public static OptionalPart<PictureChange> Make()
    {
        var mask = new Option<string>("--mask")
        {
            HelpName = "PICTURE",
            Description = "white, or opaque, where it is changed (inpainting); the rest stays byte for byte",
        };
        var outpaint = new Option<string>("--outpaint")
        {
            HelpName = "LEFT,TOP,RIGHT,BOTTOM",
            Description = "pixels by which the picture grows, drawn as if masked; they begin with the edges' colours, or as --fill " +
                "says, and --mask-blur softens their seam",
        };
        return new(usual, "says how a picture is changed: give one", new()
        {
            Whole(),
            { mask, (change, picture) => change with { Mask = picture } },
            { outpaint, (change, text) => change with { Outpaint = text is null ? null : MarginsOf(text) } },
            MaskSettings(mask, outpaint),
        });
    }

    static SettingList<PictureChange> Whole() => new()
    {
        {
            new Option<string>("--init", "-i")
            {
                HelpName = "PICTURE",
                Description = "a picture that is changed (image-to-image); its size is drawn unless --width and --height say another",
            },
            (change, picture) => change with { Picture = picture! }
        },
        {
            new Option<double>("--strength")
            {
                HelpName = "SHARE",
                Description = "how much of it is made anew, above 0 to 1",
                DefaultValueFactory = _ => usual.Strength,
            },
            (change, share) => change with { Strength = share }
        },
        { Fit(), (change, way) => change with { Fit = fits[way!] } },
    };

    // How the mask, or what grows, is used.
    static SettingList<PictureChange> MaskSettings(Option mask, Option outpaint)
    {
        var blur = new Option<int>("--mask-blur")
        {
            HelpName = "PIXELS",
            Description = "how softly the mask ends",
            DefaultValueFactory = _ => usual.MaskBlur,
        };
        var invert = new Option<bool>("--invert-mask") { Description = "change what the mask leaves out" };
        var alone = new Option<bool>("--only-masked") { Description = "draw the masked part alone, at the whole size, and paste it back" };
        var padding = new Option<int>("--padding")
        {
            HelpName = "PIXELS",
            Description = "pixels around the masked part that are drawn with it",
            DefaultValueFactory = _ => usual.Padding,
        };
        return new()
        {
            { blur, (change, pixels) => change with { MaskBlur = pixels }, [mask, outpaint] },
            { invert, (change, inverts) => change with { Inverts = inverts }, [mask, outpaint] },
            { Fill(), (change, what) => change with { Content = contents[what!] }, [mask, outpaint] },
            { alone, (change, only) => change with { OnlyMasked = only }, [mask, outpaint] },
            { padding, (change, pixels) => change with { Padding = pixels }, [alone] },
        };
    }

    static Option<string> Fit()
    {
        var fit = new Option<string>("--fit")
        {
            HelpName = "WAY",
            Description = $"how it comes to another form: {string.Join(", ", fits.Keys)}",
            DefaultValueFactory = _ => fits.First(fit => fit.Value == usual.Fit).Key,
        };
        fit.AcceptOnlyFromAmong([.. fits.Keys]);
        return fit;
    }

    static Option<string> Fill()
    {
        var fill = new Option<string>("--fill")
        {
            HelpName = "WHAT",
            Description = $"what lies under the mask to begin with: {string.Join(", ", contents.Keys)}; surroundings are their colours",
            DefaultValueFactory = _ => contents.First(content => content.Value == usual.Content).Key,
        };
        fill.AcceptOnlyFromAmong([.. contents.Keys]);
        return fill;
    }

    static Outpainting MarginsOf(string text) => Outpainting.Read(text) ?? throw new UsageException(
        $"--outpaint '{text}': write four margins in pixels, for left, top, right and bottom, none below 0 and one above, " +
        "as in 64,0,64,0.");
}
