namespace Lowrank.Models.Tests;

public class BaseModelInspectionTests
{
    [Fact]
    public void TheReportCountsWhatALoadedModelHas()
    {
        var report = BaseModelInspection.Inspect(Folders.Emoji);
        using var model = StableDiffusion.Load(Folders.Emoji, Storage.Default);
        Assert.Equal(model.Family, report.Family);
        Assert.Equal(model.Scheduler.Prediction, report.Prediction);
        Assert.Equal(128, report.Pixels);
        Assert.False(report.Inpainting);
        Assert.Equal(model.UNet.parameters().Sum(p => p.numel()), Part("unet").Parameters);
        Assert.Equal(model.Vae.parameters().Sum(p => p.numel()), Part("vae").Parameters);
        Assert.Equal(model.TextEncoder.parameters().Sum(p => p.numel()), Part("text_encoder").Parameters);
        Assert.Equal(2 * report.Parameters, report.Bytes);   // float16
        Assert.Equal(["F16"], Part("unet").Dtypes.Keys);
        Assert.Null(Part("tokenizer").File);

        ComponentReport Part(string name) => report.Components.Single(component => component.Name == name);
    }

    [Fact]
    public void FoldersAreRecognizedByTheirIndex()
    {
        Assert.True(BaseModelInspection.Recognizes(Folders.Tiny("sdxl")));
        Assert.False(BaseModelInspection.Recognizes(Path.Combine(Folders.Tiny("sdxl"), "unet")));
        Assert.Equal("sdxl", BaseModelInspection.Inspect(Folders.Tiny("sdxl")).Family);
    }
}
