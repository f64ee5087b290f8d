using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class FreedPartsTests
{
    static StableDiffusion Tiny(string name = "sdxl") => StableDiffusion.Load(Folders.Tiny(name), Storage.Default);

    [Fact]
    public void AFreedPartIsReadAgainWithTheSameValues() => LeakGuard.NoTensorLeaks(() =>
    {
        long others = LeakGuard.Live;
        using var model = Tiny();
        double[] before = Sums(model);
        long loaded = LeakGuard.Live - others;
        Assert.True(model.FreeTextEncoders());
        Assert.True(model.FreeUNet());
        model.FreeVae();
        Assert.InRange(LeakGuard.Live - others, 0, loaded / 2);
        Assert.Equal(before, Sums(model));
        Assert.Equal(loaded, LeakGuard.Live - others);
    });

    [Fact]
    public void ADisposedModelIsNotReadAgainWithoutItsAdapters()
    {
        var model = Tiny();
        model.Describe();
        model.Dispose();
        Func<object?>[] asked = [() => model.UNet, () => model.Vae, () => model.TextEncoder, () => model.TextEncoder2, () => model.Describe()];
        Assert.All(asked, ask => Assert.Equal(typeof(StableDiffusion).FullName, Assert.Throws<ObjectDisposedException>(ask).ObjectName));
        model.Dispose();
    }

    [Fact]
    public void WhatWasNeverLoadedIsFreedWithoutBeingRead()
    {
        using var model = Tiny("sd1");
        long before = LeakGuard.Live;
        Assert.True(model.FreeTextEncoders());
        Assert.True(model.FreeUNet());
        model.FreeVae();
        Assert.Equal(before, LeakGuard.Live);
    }

    [Fact]
    public void WhatAdaptersMayHoldStays()
    {
        using var model = Tiny();
        var (text, unet) = (model.TextEncoder, model.UNet);
        model.Describe();
        Assert.False(model.FreeTextEncoders());
        Assert.False(model.FreeUNet());
        Assert.Same(text, model.TextEncoder);
        Assert.Same(unet, model.UNet);
    }

    [Fact]
    public void AnEncoderStaysWhileItKnowsAWord()
    {
        using var model = Tiny("sd1");
        using var vectors = randn(2, model.TextEncoder.Config.HiddenSize, device: CPU);
        using (model.Teach("sks", new Dictionary<string, Tensor> { ["text_encoder"] = vectors })) Assert.False(model.FreeTextEncoders());
        Assert.True(model.FreeTextEncoders());
    }

    [Fact]
    public void ASeamlessModelStaysSo()
    {
        using var model = Tiny("sd1");
        model.SetSeamless(true);
        model.FreeUNet();
        model.FreeVae();
        Assert.All(model.UNet.modules().Concat(model.Vae.modules()).OfType<ConvolutionLayer>(), layer => Assert.True(layer.Wraps));
        model.SetSeamless(false);
        Assert.All(model.UNet.modules().OfType<ConvolutionLayer>(), layer => Assert.False(layer.Wraps));
    }

    static double[] Sums(StableDiffusion model)
    {
        using var scope = NewDisposeScope();
        nn.Module[] parts = [model.TextEncoder, model.TextEncoder2!, model.UNet, model.Vae];
        return [.. parts.Select(part => part.parameters().Sum(p => p.to(ScalarType.Float64).abs().sum().ToDouble()))];
    }
}
