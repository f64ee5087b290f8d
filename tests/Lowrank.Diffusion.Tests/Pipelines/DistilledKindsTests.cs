using Lowrank.Models;

namespace Lowrank.Diffusion.Tests;

/// <summary>Few-step bases and adapters are recognised by their published names, and bring their settings.</summary>
public sealed class DistilledKindsTests
{
    static DistilledSettings? Of(string adapter, Dictionary<string, string>? metadata = null) =>
        DistilledKinds.Recognized(null, [DistilledHint.Of("adapter", adapter, metadata)]);

    [Theory]
    [InlineData("lcm-lora-sdv1-5.safetensors", "LCM", "lcm", 4, 1.5)]
    [InlineData("pytorch_lora_weights_LCM.safetensors", "LCM", "lcm", 4, 1.5)]
    [InlineData("sdxl_lightning_4step_lora.safetensors", "SDXL-Lightning", "euler", 4, 1)]
    [InlineData("sdxl_lightning_8step_unet.safetensors", "SDXL-Lightning", "euler", 8, 1)]
    [InlineData("sdxl_lightning_1step_x0.safetensors", "SDXL-Lightning in one step", "euler", 1, 1)]
    [InlineData("Hyper-SDXL-8steps-lora.safetensors", "Hyper-SD", "ddim", 8, 1)]
    [InlineData("Hyper-SD15-2steps-lora.safetensors", "Hyper-SD", "ddim", 2, 1)]
    [InlineData("Hyper-SDXL-1step-lora.safetensors", "Hyper-SD in one step", "tcd", 1, 1)]
    [InlineData("Hyper-SD15-12steps-CFG-lora.safetensors", "Hyper-SD with guidance", "ddim", 12, 5)]
    [InlineData("TCD-SDXL-LoRA.safetensors", "TCD", "tcd", 4, 1)]
    [InlineData("sd_xl_turbo_1.0_fp16.safetensors", "SD-Turbo or SDXL-Turbo", "euler_a", 1, 1)]
    [InlineData("sd-turbo", "SD-Turbo or SDXL-Turbo", "euler_a", 1, 1)]
    public void PublishedFilesBringTheSettingsOfTheirAuthors(string file, string kind, string sampler, int steps, double guidance)
    {
        var found = Of(file);
        Assert.Equal((kind, sampler, steps, guidance), (found!.Kind.Name, found.Kind.Sampler, found.Steps, found.Kind.GuidanceScale));
        var options = found.Applied(new GenerateOptions(), GivenSampling.None, new SchedulerConfig());
        Assert.Equal((sampler, found.Kind.Schedule, steps, guidance), (options.Sampler, options.Schedule, options.Steps, options.GuidanceScale));
    }

    [Theory]
    [InlineData("lightning_storm.safetensors"), InlineData("hyperrealistic.safetensors"), InlineData("turbocharged_cars.safetensors")]
    [InlineData("falcm.safetensors"), InlineData("ink.safetensors"), InlineData("Hyperion-style.safetensors"), InlineData("latcds.safetensors")]
    public void OtherFilesAreLeftAlone(string file) => Assert.Null(Of(file));

    [Fact]
    public void TitlesInTheMetadataCountAndWhatItWasTrainedOnDoesNot()
    {
        Assert.Equal("LCM", Of("a.safetensors", new() { ["modelspec.title"] = "Latent Consistency LoRA" })!.Kind.Name);
        Assert.Equal("TCD", Of("a.safetensors", new() { ["ss_output_name"] = "my_tcd_v2" })!.Kind.Name);
        Assert.Null(Of("a.safetensors", new() { ["ss_sd_model_name"] = "sd_xl_turbo_1.0.safetensors", ["ss_tag_frequency"] = "lcm, lightning 4step" }));
    }

    [Fact]
    public void TheLastAdapterComesBeforeTheOthersAndTheBase()
    {
        var baseModel = DistilledHint.Of("base model", "models/sdxl-turbo/");
        DistilledHint[] adapters = [DistilledHint.Of("adapter", "lcm.safetensors"), DistilledHint.Of("adapter", "TCD-SDXL.safetensors"), DistilledHint.Of("adapter", "ink.safetensors")];
        Assert.Equal("TCD", DistilledKinds.Recognized(baseModel, adapters)!.Kind.Name);
        Assert.Equal("SD-Turbo or SDXL-Turbo", DistilledKinds.Recognized(baseModel, [])!.Kind.Name);
        Assert.Null(DistilledKinds.Recognized(null, []));
    }

    [Fact]
    public void WhatAUserGaveStays()
    {
        var found = Of("sdxl_lightning_4step.safetensors")!;
        var asked = new GenerateOptions { Sampler = "heun", Schedule = null, Steps = 6, GuidanceScale = 3 };
        var steps = found.Applied(asked, GivenSampling.Steps, new SchedulerConfig());
        Assert.Equal(("euler", "sgm_uniform", 6, 1.0), (steps.Sampler, steps.Schedule, steps.Steps, steps.GuidanceScale));
        var sampler = found.Applied(asked, GivenSampling.Sampler | GivenSampling.Guidance, new SchedulerConfig());
        Assert.Equal(("heun", null, 4, 3.0), (sampler.Sampler, sampler.Schedule, sampler.Steps, sampler.GuidanceScale));
        const GivenSampling all = GivenSampling.Sampler | GivenSampling.Schedule | GivenSampling.Steps | GivenSampling.Guidance;
        Assert.Equal(asked, found.Applied(asked, all, new SchedulerConfig()));
        Assert.Contains("what was given is taken instead", found.Sentence(asked, all), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSentenceSaysWhatAndWhy() => Assert.Equal(
        "the adapter sdxl_lightning_4step.safetensors is named as SDXL-Lightning, which draws in 2 to 8 steps: sampler euler, schedule sgm_uniform, " +
        "guidance 1 are taken; what is given comes before them",
        Of("sdxl_lightning_4step.safetensors")!.Sentence(new(), GivenSampling.Steps));

    [Fact]
    public void OneStepOfLightningPredictsTheSample()
    {
        var found = Of("sdxl_lightning_1step_x0.safetensors")!;
        Assert.Equal(PredictionType.Sample, found.Applied(new GenerateOptions(), GivenSampling.None, new SchedulerConfig()).Scheduler!.Prediction);
        Assert.Contains("prediction sample", found.Sentence(new(), GivenSampling.All), StringComparison.Ordinal);
        Assert.Null(found.Applied(new GenerateOptions(), GivenSampling.Prediction, new SchedulerConfig()).Scheduler);
    }

    [Fact]
    public void AShareOfFreshNoiseIsToldWhereItIsTaken()
    {
        var found = Of("Hyper-SDXL-1step-lora.safetensors")!;
        string eta = $"eta {found.Kind.Eta}";
        Assert.Contains(eta, found.Sentence(new(), GivenSampling.None), StringComparison.Ordinal);
        var chosen = new GenerateOptions { SamplerOptions = new() { Eta = 0.5 } };
        Assert.DoesNotContain("eta", found.Sentence(chosen, GivenSampling.None), StringComparison.Ordinal);
        Assert.Equal(0.5, found.Applied(chosen, GivenSampling.None, new SchedulerConfig()).SamplerOptions.Eta);
    }

    [Fact]
    public void EveryKindNamesASamplerAndAScheduleThatThereAre() => Assert.All(DistilledKinds.All, kind =>
    {
        Assert.Equal(kind.Sampler, Samplers.Named(kind.Sampler).Name);
        Assert.Equal(kind.Schedule, Schedules.Named(kind.Schedule).Name);
        Assert.InRange(kind.Steps.Usual, kind.Steps.Fewest, kind.Steps.Most);
    });
}
