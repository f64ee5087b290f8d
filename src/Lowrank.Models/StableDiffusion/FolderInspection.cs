namespace Lowrank.Models;

/// <summary>Looks into a diffusers folder of Stable Diffusion without loading weights.</summary>
static class FolderInspection
{
    /// <summary>Reports on a folder.</summary>
    /// <exception cref="LowrankException">A file is missing or unusable.</exception>
    internal static BaseModelReport Inspect(ModelPlace place)
    {
        string folder = place.Path;
        var index = ModelIndex.Of(place);
        index.FolderOf("unet", nameof(UNet2DConditionModel));
        var unet = StableDiffusionGeneration.NetworkOf(place);
        var vae = VaeConfig.Read(Path.Combine(index.FolderOf("vae", nameof(AutoencoderKL)), "config.json"));
        var generation = StableDiffusionGeneration.Of(index, unet);
        var scheduler = SchedulerConfig.Read(Path.Combine(folder, "scheduler", "scheduler_config.json"));
        return new BaseModelReport(
            folder,
            "diffusers folder",
            generation.Name,
            generation.Title,
            index.PipelineClass,
            scheduler.Prediction,
            Pixels: unet.SampleSize * vae.Factor,
            vae.ScalingFactor,
            unet.CrossAttentionChannels,
            Inpainting: unet.InChannels == CheckpointKind.InpaintingChannels,
            HoldsAverages: false,
            [.. index.Components.Select(pair => Part(folder, pair.Key, pair.Value))],
            UnusedKeys: [],
            UnknownKeys: [],
            Notes: [])
        {
            EndsInNoise = scheduler.RescaleBetasZeroSnr,
        };
    }

    static ComponentReport Part(string folder, string name, string className)
    {
        if (!FolderParts.HasWeights(name)) return ComponentReport.WithoutWeights(name, className);
        using var file = FolderParts.Open(folder, name);
        return PartInspection.Of(name, className, file);
    }
}
