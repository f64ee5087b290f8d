using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;

namespace Goldens;

/// <summary>What AUTOMATIC1111 does to pictures and masks before and after the network, and the sizes and steps it takes.</summary>
public sealed class A1111SizesGoldens
{
    const string Group = "diffusion/a1111/sizes";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Sizes(string name) => Golden.Run(Group, name, c =>
    {
        switch (name.Split('/')[0])
        {
            case "hires": Hires(c); break;
            case "old_first_pass": OldFirstPass(c); break;
            case "i2i_steps": ImageToImageSteps(c); break;
            case "crop": Crop(c); break;
            case "expand": Expand(c); break;
            case "resize" or "upscale": Resized(c); break;
            case "blur": Blur(c); break;
            case "fill": Fill(c); break;
            case "flatten": Flatten(c); break;
            default: throw Golden.NotCovered("a case of another kind");
        }
    });

    static void Hires(GoldenCase c)
    {
        var (width, height) = (c["width"].GetInt32(), c["height"].GetInt32());
        var (across, down) = (Whole(c["hr_resize_x"]), Whole(c["hr_resize_y"]));
        var hires = across == 0 && down == 0
            ? HiresSize.Scaled(width, height, c["hr_scale"].GetDouble())
            : HiresSize.Resized(width, height, across, down);
        var result = c["result"];
        Assert.Equal(Size(result.GetProperty("upscale_to")), (hires.Width, hires.Height));
        Assert.Equal(Size(result.GetProperty("truncate")), (hires.CutAcross, hires.CutDown));
        Assert.Equal(Size(result.GetProperty("latent")), (hires.LatentWidth, hires.LatentHeight));
        var text = Assert.Single(result.GetProperty("text").EnumerateObject());
        Assert.Equal(new(text.Name, text.Value.ToString()), hires.Fact);
    }

    static void OldFirstPass(GoldenCase c)
    {
        int[] size = [.. c.Name.Split('/')[1].Split('x').Select(int.Parse)];
        Assert.Equal(Size(c["result"]), HiresSize.FirstPass(size[0], size[1]));
    }

    static void ImageToImageSteps(GoldenCase c)
    {
        var (steps, strength) = (c["steps"].GetInt32(), c["strength"].GetDouble());
        var got = c["exact_steps"].GetBoolean() ? StrengthSteps.Exactly(steps, strength) : StrengthSteps.OfShare(steps, strength);
        var want = c["result"];
        Assert.Equal(want.GetProperty("schedule_steps").GetInt32(), got.ScheduleSteps);
        Assert.Equal(want.GetProperty("t_enc").GetInt32(), got.Encoded);
        Assert.Equal(want.GetProperty("evaluations").GetInt32(), got.Evaluations);
    }

    static void Crop(GoldenCase c)
    {
        int[] size = Wholes(c["size"]);
        var mask = Mask.Filled(size[0], size[1], 0);
        foreach (var box in c["boxes"].EnumerateArray())
        {
            var (left, top, right, bottom) = Box(box);
            for (int y = top; y < bottom; y++) mask.Levels.AsSpan(y * size[0] + left, right - left).Fill(255);
        }
        var region = PictureRegion.Around(mask, c["padding"].GetInt32());
        if (c["region"].ValueKind == JsonValueKind.Null)
        {
            Assert.Null(region);
            return;
        }
        Assert.Equal(Box(c["region"]), region);
        foreach (var expanded in c["expanded"].EnumerateObject())
        {
            int[] form = [.. expanded.Name.Split('x').Select(int.Parse)];
            Assert.Equal(Box(expanded.Value), region!.Value.ExpandedTo(form[0], form[1], size[0], size[1]));
        }
    }

    static void Expand(GoldenCase c)
    {
        int[] form = Wholes(c["processing"]), picture = Wholes(c["image"]);
        Assert.Equal(Box(c["result"]), Box(c["region"]).ExpandedTo(form[0], form[1], picture[0], picture[1]));
    }

    static void Resized(GoldenCase c)
    {
        var upscaler = c["upscaler"].GetString() is { } named ? Upscalers.Named(named) : null;
        var fitted = PictureFitting.Fit(
            PictureFile.Read(FilePath(c, "picture")), c["width"].GetInt32(), c["height"].GetInt32(), (PictureFit)c["mode"].GetInt32(), upscaler);
        AssertNear(c, fitted, "image");
    }

    static void Blur(GoldenCase c)
    {
        var mask = PictureFile.ReadWithAlpha(FilePath(c, "mask")).ToMask();
        var blurred = MaskBlur.Gaussian(mask, c["blur_x"].GetDouble(), c["blur_y"].GetDouble());
        AssertNear(c, blurred.Levels, "mask");
    }

    static void Fill(GoldenCase c)
    {
        var picture = PictureFile.Read(FilePath(c, "picture"));
        var levels = c.Group.Tensors.Read(c["mask"].GetString()!);
        AssertNear(c, MaskedFill.Fill(picture, new Mask(picture.Width, picture.Height, levels.bytes.ToArray())), "image");
    }

    static void Flatten(GoldenCase c) =>
        AssertNear(c, PictureFile.ReadWithAlpha(FilePath(c, "picture")).On(Colour.Read(c["color"].GetString()!)), "image");

    static void AssertNear(GoldenCase c, Picture got, string what)
    {
        Assert.Equal([got.Height, got.Width, 3], c.Expected(what).shape);
        AssertNear(c, got.Pixels, what);
    }

    static void AssertNear(GoldenCase c, byte[] got, string what)
    {
        byte[] want = c.Expected(what).bytes.ToArray();
        Assert.Equal(want.Length, got.Length);
        double share = c["tolerance"].TryGetProperty("share", out var told) ? told.GetDouble() : 0;
        int far = got.Zip(want).Count(pair => Math.Abs(pair.First - pair.Second) > c["tolerance"].GetProperty("atol").GetDouble());
        Assert.True(far <= share * want.Length, $"{c.Name}: {far} of {want.Length} values are too far from {what}");
    }

    static string FilePath(GoldenCase c, string fact) => DiffusionFolder.Of(c, fact);

    static int Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;

    static int[] Wholes(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    static (int Width, int Height) Size(JsonElement pair) => (pair[0].GetInt32(), pair[1].GetInt32());

    static PictureRegion Box(JsonElement box) => Wholes(box) is [var left, var top, var right, var bottom]
        ? new(left, top, right, bottom)
        : throw new ArgumentException("a box has four numbers");
}
