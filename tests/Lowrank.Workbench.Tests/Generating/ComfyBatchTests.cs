namespace Lowrank.Workbench.Tests;

/// <summary>Pictures that are counted up are one batch in ComfyUI's way, with one generator.</summary>
public sealed class ComfyBatchTests : DrawingTests
{
    GeneratingRequest Request(string output, string sampler, int batch)
    {
        GenerateOptions options = new() { Compat = Compat.ComfyUi, Sampler = sampler, Steps = 2, Width = 64, Height = 64, Batch = batch };
        return Request(output, options, 5, 6, 7) with { IsBatch = true };
    }

    IReadOnlyList<string> Draw(GeneratingRequest request) => Report(request).Files;

    [Theory]
    [InlineData("euler"), InlineData("euler_a"), InlineData("dpm++2m_sde")]
    public void APictureOfTheBatchIsMadeAgainByItself(string sampler)
    {
        var files = Draw(Request("all", sampler, 1));
        Assert.Equal(["1 of 3", "2 of 3", "3 of 3"], files.Select(file => InfoText.Parse(PictureFile.ReadInfoText(file)!)["Batch picture"]));
        var plain = new GeneratingRequest(EmojiModel.Folder, [], [], folder["again.png"]) { Precision = "f32", Device = "cpu" };
        var repeated = RepeatedPicture.Of(InfoText.Parse(PictureFile.ReadInfoText(files[1])!), plain, _ => null);
        Assert.Empty(repeated.NotHonoured);
        Draw(repeated.Request);
        Assert.Equal(File.ReadAllBytes(files[1]), File.ReadAllBytes(folder["again.png"]));
    }

    [Fact]
    public void TheFirstIsThatOfItsSeedAloneAndTheOthersAreNotThoseOfTheNextSeeds()
    {
        var (batch, named) = (Draw(Request("batch", "euler", 1)), Draw(Request("named", "euler", 1) with { IsBatch = false }));
        Assert.Equal(PictureFile.Read(named[0]).Pixels, PictureFile.Read(batch[0]).Pixels);
        Assert.NotEqual(PictureFile.Read(named[1]).Pixels, PictureFile.Read(batch[1]).Pixels);
    }

    [Fact]
    public void OfASamplerThatTiesTheBatchTheRepeatOfOneIsSaidToBeAnother()
    {
        var files = Draw(Request("tied", "dpm_adaptive", 1));
        var plain = new GeneratingRequest(EmojiModel.Folder, [], [], folder["again.png"]);
        var repeated = RepeatedPicture.Of(InfoText.Parse(PictureFile.ReadInfoText(files[0])!), plain, _ => null);
        Assert.Contains("all pictures of a batch together", Assert.Single(repeated.NotHonoured), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongPartIsRefused()
    {
        var options = new GenerateOptions { Part = new(3, [3]), Seeds = [5] };
        using var model = StableDiffusion.Load(EmojiModel.Folder, Lowrank.Torch.Layers.Storage.Default);
        Assert.Contains("part of a batch", Assert.Throws<LowrankException>(() => options.Checked(model)).Message, StringComparison.Ordinal);
        Assert.Null(BatchPart.Read("4 of 3"));
        Assert.Equal([2], BatchPart.Read("3 of 3")!.Numbers);
    }
}
