using System.Text.Json;

namespace Lowrank.Workbench.Tests;

/// <summary>What AUTOMATIC1111's interface would be sent.</summary>
public sealed class WebUiRequestReaderTests
{
    static WebUiRequest Read(string json, bool changesPictures = false) => WebUiRequestReader.Read(
        JsonDocument.Parse(json).RootElement, changesPictures, StyleSheet.Empty, _ => new(Picture.Filled(8, 8, 1, 2, 3), null));

    [Fact]
    public void WhatIsLeftOutHasTheInterfacesDefaults()
    {
        var request = Read("{}");
        Assert.Equal((50, 7.0, 512, 512, "Euler", -1L), (request.Steps, request.CfgScale, request.Width, request.Height, request.Sampler, request.Seed));
        Assert.Null(request.Hires);
        Assert.Empty(request.Notes);
    }

    [Fact]
    public void FieldsThatAreNotKnownAreNamed() =>
        Assert.Contains("restore_faces", Assert.Single(Read("""{"restore_faces": true, "alwayson_scripts": {}}""").Notes), StringComparison.Ordinal);

    [Fact]
    public void AScriptIsNotPassedOver()
    {
        Assert.Contains("X/Y/Z plot", Assert.Throws<LowrankException>(() => Read("""{"script_name": "X/Y/Z plot"}""")).Message, StringComparison.Ordinal);
        Assert.Empty(Read("""{"script_name": "", "script_args": []}""").Notes);
    }

    [Theory]
    [InlineData("""{"steps": "many"}""", "steps"), InlineData("""{"prompt": 5}""", "prompt"), InlineData("""{"steps": 2.5}""", "steps")]
    [InlineData("""{"override_settings": {"CLIP_stop_at_last_layer": 2}}""", "CLIP_stop_at_last_layers")]
    [InlineData("""{"override_settings": {"eta_ddim": "much"}}""", "Eta DDIM")]
    public void ValuesOfAnotherKindAndUnknownSettingsAreRefused(string json, string told) =>
        Assert.Contains(told, Assert.Throws<LowrankException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"steps": 99999999999}""", "steps is 99999999999 (1 to 1000)."), InlineData("""{"steps": 0}""", "steps is 0 (1 to 1000).")]
    [InlineData("""{"width": 4294967360}""", "width is 4294967360 (8 to 16384)."), InlineData("""{"n_iter": -1}""", "n_iter is -1 (1 to 10000).")]
    [InlineData("""{"enable_hr": true, "hr_resize_x": 99999999999}""", "hr_resize_x is 99999999999 (0 to 16384).")]
    [InlineData("""{"init_images": ["a"], "mask_blur": -4294967292}""", "mask_blur is -4294967292 (0 to 16384).")]
    [InlineData("""{"init_images": [3]}""", "init_images[0] is \"3\", which is no text")]
    [InlineData("""{"init_images": "a"}""", "init_images is \"a\", which is no list of texts")]
    [InlineData("""{"styles": ["ink", 3]}""", "styles[1] is \"3\", which is no text"), InlineData("""{"styles": "ink"}""", "styles is \"ink\", which is no list of texts")]
    [InlineData("""{"override_settings": [1]}""", "override_settings is \"[1]\", which is no object of settings and their values")]
    [InlineData("""{"cfg_scale": "x"}""", "cfg_scale is \"x\", which is no number"), InlineData("""{"cfg_scale": 1e999}""", "cfg_scale is \"1e999\", which is no number")]
    [InlineData("""[1]""", "The body is \"[1]\", which is no object of a request's fields")]
    public void NumbersOutOfRangeAndListsOfOtherKindsAreRefusedByName(string json, string told) =>
        Assert.Equal(told, Assert.Throws<LowrankException>(() => Read(json, json.Contains("init_images", StringComparison.Ordinal))).Message);

    [Fact]
    public void ATextFillsWhatTheRequestLeavesOut()
    {
        const string info = "a fox\\nSteps: 7, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 3.5, Seed: 9, Size: 96x64, Clip skip: 2, Denoising strength: 0.4, Hires upscale: 1.5, Version: v1.10.1";
        var request = Read($$"""{"seed": 4, "infotext": "{{info}}"}""");
        Assert.Equal(("a fox", 7, 4L, 96, 64), (request.Prompt, request.Steps, request.Seed, request.Width, request.Height));
        Assert.Equal((0.4, 1.5), (request.Strength, request.Hires!.Scale));
    }

    [Fact]
    public void ImageToImageWantsAPicture()
    {
        Assert.Contains("init_images", Assert.Throws<LowrankException>(() => Read("{}", true)).Message, StringComparison.Ordinal);
        var pictures = Read("""{"init_images": ["a"], "mask": "b", "mask_blur_x": 3, "mask_blur_y": 0, "inpainting_mask_invert": 1}""", true).Pictures!;
        Assert.Equal(((3, 0), true), (pictures.MaskBlur, pictures.Inverts));
    }
}
