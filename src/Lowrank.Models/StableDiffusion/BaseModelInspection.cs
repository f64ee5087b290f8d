namespace Lowrank.Models;

/// <summary>Looks into a base model's folder without loading weights (or libtorch): the headers tell.</summary>
public static class BaseModelInspection
{
    /// <summary>Whether a path looks like a base model: a folder with model_index.json.</summary>
    public static bool Recognizes(string path) => File.Exists(Path.Combine(path, "model_index.json"));

    /// <summary>Reports on a folder.</summary>
    /// <exception cref="LowrankException">It is no base model that is known, or a file is missing or unusable.</exception>
    public static BaseModelReport Inspect(string folder)
    {
        var index = ModelIndex.Read(folder);
        var unet = UNetConfig.Read(Path.Combine(index.FolderOf("unet", nameof(UNet2DConditionModel)), "config.json"));
        var vae = VaeConfig.Read(Path.Combine(index.FolderOf("vae", nameof(AutoencoderKL)), "config.json"));
        var kind = BaseModels.Of(index, unet);
        var scheduler = SchedulerConfig.Read(Path.Combine(folder, "scheduler", "scheduler_config.json"));
        return new BaseModelReport(folder, kind.Family, kind.Title, index.PipelineClass, scheduler.Prediction, unet.SampleSize * vae.Factor, vae.ScalingFactor,
            unet.CrossAttentionChannels, unet.InChannels == 9, [.. index.Components.Select(pair => Part(folder, pair.Key, pair.Value))]);
    }

    static ComponentReport Part(string folder, string name, string kind)
    {
        if (Stem(name) is not { } stem) return new ComponentReport(name, kind, null, 0, 0, new Dictionary<string, long>());
        using var file = WeightFiles.Open(Path.Combine(folder, name), stem);
        var parameters = file.Tensors.Where(tensor => !tensor.Name.EndsWith("position_ids", StringComparison.Ordinal)).ToList();
        return new ComponentReport(name, kind, file.Path, parameters.Sum(tensor => tensor.Count), parameters.Sum(tensor => tensor.Bytes),
            parameters.GroupBy(tensor => tensor.Dtype.ToString()).ToDictionary(group => group.Key, group => group.Sum(tensor => tensor.Count)));
    }

    static string? Stem(string component) => component switch
    {
        "unet" or "vae" => "diffusion_pytorch_model",
        "text_encoder" or "text_encoder_2" => "model",
        _ => null,
    };
}
