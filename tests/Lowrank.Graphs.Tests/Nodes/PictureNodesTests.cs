using Lowrank.Diffusion;
using NetVips;

namespace Lowrank.Graphs.Tests;

public class PictureNodesTests
{
    const string Shown =
        """
        {"1": {"class_type": "LoadImage", "inputs": {"image": "deep.png"}}, "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}
        """;

    // Grey levels of 16 bits, as a PNG.
    static void Deep(string path, params ushort[] levels)
    {
        using var image = Image.NewFromMemory(levels, levels.Length, 1, 1, Enums.BandFormat.Ushort);
        using var grey = image.Copy(interpretation: Enums.Interpretation.Grey16);
        grey.Pngsave(path, bitdepth: 16);
    }

    [Fact]
    public void SixteenBitsAreScaledAndToldOf()
    {
        using var run = new RunGraph();
        Deep(run["deep.png"], 0, 128 * 257, 65535);
        run.Run(Shown);
        float[] red = [.. run.Numbers("1").Where((_, i) => i % 3 == 0)];
        Assert.Equal([0, 128 / 255f, 1], red);
        Assert.Contains("16 bits", Assert.Single(run.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void LikeComfyUiAllAbove255IsWhite()
    {
        using var run = new RunGraph(likeComfyUi: true);
        Deep(run["deep.png"], 0, 51, 255, 40000);
        run.Run(Shown);
        float[] red = [.. run.Numbers("1").Where((_, i) => i % 3 == 0)];
        Assert.Equal([0, 0.2f, 1, 1], red);
        Assert.Empty(run.Notes);
    }

    [Theory]
    [InlineData(false, 128)]
    [InlineData(true, 127)]
    public void SavedPicturesAreRoundedAndLikeComfyUiCut(bool likeComfyUi, byte level)
    {
        using var run = new RunGraph(likeComfyUi);
        run.Run(
            """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 1, "height": 1, "batch_size": 1, "color": 16777215}},
             "2": {"class_type": "SolidMask", "inputs": {"value": 0.5, "width": 1, "height": 1}},
             "3": {"class_type": "EmptyImage", "inputs": {"width": 1, "height": 1, "batch_size": 1, "color": 0}},
             "4": {"class_type": "ImageCompositeMasked", "inputs": {"destination": ["3", 0], "source": ["1", 0], "x": 0, "y": 0,
                   "resize_source": false, "mask": ["2", 0]}},
             "5": {"class_type": "SaveImage", "inputs": {"images": ["4", 0], "filename_prefix": "p"}}}
            """);
        Assert.Equal([level, level, level], PictureFile.Read(run["out/p_00001_.png"]).Pixels);
    }

    [Fact]
    public void APaddedPictureFadesTowardsWhatIsNew()
    {
        using var run = new RunGraph();
        run.Run(
            """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 9, "height": 9, "batch_size": 1, "color": 0}},
             "2": {"class_type": "ImagePadForOutpaint", "inputs": {"image": ["1", 0], "left": 8, "top": 0, "right": 0, "bottom": 0, "feathering": 4}},
             "3": {"class_type": "MaskPreview", "inputs": {"mask": ["2", 1]}}}
            """);
        Assert.Equal([1, 9, 17, 3], run.Shape("2"));
        Assert.Equal([1, 1, 0.5625f, 0.25f, 0.0625f, 0, 0], run.Numbers("2", 1)[7..14]);
    }
}
