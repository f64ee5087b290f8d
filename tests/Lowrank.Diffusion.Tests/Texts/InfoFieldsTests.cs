namespace Lowrank.Diffusion.Tests;

public sealed class InfoFieldsTests
{
    // Written by AUTOMATIC1111 1.10.1.
    [Theory]
    [InlineData("Steps: 4, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 1042, Size: 64x64, Model hash: 42e461aa65, Model: tiny, Schedule min sigma: 0.1, Schedule max sigma: 10.0, Schedule rho: 5.0, Version: v1.10.1")]
    [InlineData("Steps: 4, Sampler: Euler a, Schedule type: Automatic, CFG scale: 6.5, Seed: 1056, Size: 64x64, Model hash: 42e461aa65, Model: tiny, ENSD: 31337, Eta: 0.7, Version: v1.10.1")]
    [InlineData("Steps: 4, Sampler: Euler, Schedule type: Automatic, CFG scale: 6.5, Seed: 1420, Size: 64x64, Model hash: 42e461aa65, Model: tiny, Denoising strength: 0.6, Hires sampler: DPM++ 2M, Hires prompt: \"portrait of an old sailor, soft light\", Hires negative prompt: dark, Hires schedule type: Karras, Hires upscale: 1.5, Hires steps: 3, Hires upscaler: Latent (bicubic antialiased), Version: v1.10.1")]
    [InlineData("Steps: 4, Sampler: Euler, Schedule type: Automatic, CFG scale: 6.5, Seed: 1399, Size: 64x64, Model hash: 42e461aa65, Model: tiny, Lora hashes: \"bundle_lora: da950ae92264\", TI hashes: \"sailorword: bundle_lora\", Version: v1.10.1")]
    [InlineData("Steps: 6, Sampler: Euler, Schedule type: Automatic, CFG scale: 6.5, Seed: 1651, Size: 64x64, Model hash: 42e461aa65, Model: tiny, VAE hash: 125aca1740, VAE: other.safetensors, Denoising strength: 0.6, Mask mode: Inpaint not masked, Mask blur: 4, Inpaint area: Only masked, Masked area padding: 0, Masked content: fill, Noise multiplier: 1.05, Extra noise: 0.1, Version: v1.10.1")]
    public void FieldsStandAsTheWebUiWritesThem(string text)
    {
        var read = InfoText.Parse(text);
        var fields = new InfoFields();
        foreach (var (field, value) in read.Fields.Reverse()) fields.Add(field, value);
        Assert.Equal(text, (read with { Fields = fields.Ordered }).Format());
    }

    [Fact]
    public void WhatNobodyKnowsIsLeftOutAndNumbersAreWrittenAsPythonDoes()
    {
        var fields = new InfoFields { { "CFG scale", 7.0 }, { "Steps", 20L }, { "Tiling", true }, { "ENSD", (long?)null }, { "VAE", (string?)null }, { "Eta", 1e-5 } };
        Assert.Equal("Steps: 20, CFG scale: 7.0, Tiling: True, Eta: 1e-05", new InfoText("", "", fields.Ordered).Format());
    }

    [Fact]
    public void AFieldThatIsThereGetsTheNewValue()
    {
        var fields = new InfoFields { { "Schedule type", "Automatic" }, { "Schedule type", "Karras" } };
        Assert.Equal([new("Schedule type", "Karras")], fields.Ordered);
    }

    [Fact]
    public void FieldsOfOthersStandBeforeTheVersionAsTheyCame()
    {
        var fields = new InfoFields { { "Version", "v1" }, { "Zebra", "1" }, { "Ape", "2" }, { "Seed", 3L } };
        Assert.Equal(["Seed", "Zebra", "Ape", "Version"], fields.Ordered.Select(field => field.Key));
    }
}
