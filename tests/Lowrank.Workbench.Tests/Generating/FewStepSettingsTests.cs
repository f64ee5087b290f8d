namespace Lowrank.Workbench.Tests;

/// <summary>A few-step adapter brings its settings, and the account says so.</summary>
public class FewStepSettingsTests
{
    static GeneratingReport Draw(TemporaryFolder folder, string adapter, double strength, GivenSampling given)
    {
        if (!File.Exists(folder[adapter])) EmojiModel.WriteLora(folder[adapter]);
        using var shelf = new ModelShelf();
        var request = new GeneratingRequest(EmojiModel.Folder, ["cat face"], [5], folder[$"{given}-{strength}.png"])
        {
            Adapters = [new(folder[adapter]) { Strength = strength }],
            Options = new() { Steps = 3 },
            Given = given,
            Precision = "f32",
            Device = "cpu",
            Overwrite = true,
        };
        return new GeneratingJob(shelf).Run(request, null, CancellationToken.None);
    }

    [Fact]
    public void SettingsThatWereNotChosenAreTheAdapters()
    {
        using var folder = new TemporaryFolder();
        var report = Draw(folder, "lcm-lora-tiny.safetensors", 1, GivenSampling.Steps);
        var line = Assert.Single(report.Account, line => line.Name == "few_steps");
        Assert.False(line.NotUsed);
        string text = PictureFile.Read(report.Files[0]).InfoText!;
        Assert.Contains("Steps: 3, Sampler: LCM", text, StringComparison.Ordinal);
        Assert.Contains("CFG scale: 1.5", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasChosenStays()
    {
        using var folder = new TemporaryFolder();
        var report = Draw(folder, "lcm-lora-tiny.safetensors", 1, GivenSampling.All);
        Assert.Contains(report.Account, line => line.Name == "few_steps");
        Assert.Contains("Sampler: DPM++ 2M", PictureFile.Read(report.Files[0]).InfoText!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ink.safetensors", 1), InlineData("lcm.safetensors", 0)]
    public void OtherAdaptersAndThoseThatAreOffBringNone(string adapter, double strength)
    {
        using var folder = new TemporaryFolder();
        var report = Draw(folder, adapter, strength, GivenSampling.Steps);
        Assert.DoesNotContain(report.Account, line => line.Name == "few_steps");
        Assert.Contains("Sampler: DPM++ 2M", PictureFile.Read(report.Files[0]).InfoText!, StringComparison.Ordinal);
    }
}
