namespace Lowrank.Models;

/// <summary>Looks into a base model without loading weights (or libtorch, but to guess what an SD 2 checkpoint predicts): the headers
/// tell.</summary>
public static class BaseModelInspection
{
    /// <summary>Whether a path looks like a base model: a folder with model_index.json, or a single-file checkpoint.</summary>
    public static bool Recognizes(string path)
    {
        if (!File.Exists(path)) return File.Exists(Path.Combine(path, "model_index.json"));
        using var file = Containers.Open(path);
        return Recognizes(file);
    }

    /// <summary>Whether an open file is a single-file checkpoint.</summary>
    public static bool Recognizes(ITensorFile file) => CheckpointKind.Of(file.Tensors) is not null;

    /// <summary>Reports on a folder or a single-file checkpoint.</summary>
    /// <exception cref="LowrankException">It is no base model that is known, or a file is missing or unusable.</exception>
    public static BaseModelReport Inspect(string path)
    {
        if (!File.Exists(path)) return InspectFolder(path);
        using var file = Containers.Open(path);
        return Inspect(file);
    }

    /// <summary>Reports on a single-file checkpoint that is open, and stays so.</summary>
    /// <exception cref="LowrankException">It is none.</exception>
    public static BaseModelReport Inspect(ITensorFile file)
    {
        var checkpoint = ModelCheckpoint.Of(file);
        var kind = checkpoint.Kind;
        var prediction = checkpoint.Noise(out string? guess);
        var notes = new List<string>();
        if (guess is not null) notes.Add(guess);
        // A part whose shape cannot be told is reported without it: what is wrong with it is what one inspects for.
        var unet = kind.Parts.Contains("unet") ? OrNoted(() => checkpoint.UNetConfig) : null;
        var vae = kind.Parts.Contains("vae") ? OrNoted(() => checkpoint.VaeConfig) : null;
        bool placed = OrNoted(() => checkpoint.Unknown) is not null;
        bool loadable = BaseModels.All.Any(known => known.Family == kind.Family);
        if (loadable)
        {
            string[] missing = [.. new[] { "unet", "vae" }.Concat(ModelSource.TextParts(kind.Family)).Except(kind.Parts)];
            if (missing.Length > 0) notes.Add($"It lacks {string.Join(", ", missing)}, which a diffusers folder must give when it is loaded (--model-config FOLDER).");
        }
        else notes.Add("A refiner only finishes what a base model began; it cannot be loaded.");
        return new BaseModelReport(file.Path, $"single file, {file.Container}", kind.Family, kind.Title, loadable ? ModelSource.PipelineOf(kind.Family, kind.Inpainting) : null,
            prediction.Prediction, unet is not null && vae is not null ? unet.SampleSize * vae.Factor : null, vae?.ScalingFactor, unet?.CrossAttentionChannels,
            kind.Inpainting, kind.HoldsAverages, [.. kind.Parts.Select(part => placed
                ? Part(part, ClassOf(part), checkpoint.Part(part))
                : new ComponentReport(part, ClassOf(part), file.Path, 0, 0, new Dictionary<string, long>()))],
            placed ? checkpoint.Unused : [], placed ? checkpoint.Unknown : [], [.. notes.Distinct()]);

        T? OrNoted<T>(Func<T> find) where T : class
        {
            try
            {
                return find();
            }
            catch (LowrankException error)
            {
                notes.Add(error.Message);
                return null;
            }
        }
    }

    static BaseModelReport InspectFolder(string folder)
    {
        var index = ModelIndex.Read(folder);
        var unet = UNetConfig.Read(Path.Combine(index.FolderOf("unet", nameof(UNet2DConditionModel)), "config.json"));
        var vae = VaeConfig.Read(Path.Combine(index.FolderOf("vae", nameof(AutoencoderKL)), "config.json"));
        var kind = BaseModels.Of(index, unet);
        var scheduler = SchedulerConfig.Read(Path.Combine(folder, "scheduler", "scheduler_config.json"));
        return new BaseModelReport(folder, "diffusers folder", kind.Family, kind.Title, index.PipelineClass, scheduler.Prediction, unet.SampleSize * vae.Factor, vae.ScalingFactor,
            unet.CrossAttentionChannels, unet.InChannels == 9, false, [.. index.Components.Select(pair => Part(folder, pair.Key, pair.Value))], [], [], []);
    }

    static ComponentReport Part(string folder, string name, string kind)
    {
        if (!IsWeighty(name)) return new ComponentReport(name, kind, null, 0, 0, new Dictionary<string, long>());
        using var file = WeightFiles.Open(Path.Combine(folder, name), ModelSource.StemOf(name));
        return Part(name, kind, file);
    }

    static ComponentReport Part(string name, string kind, ITensorFile file)
    {
        var parameters = file.Tensors.Where(tensor => !ClipTextModel.IsPositionIds(tensor.Name)).ToList();
        return new ComponentReport(name, kind, file.Path, parameters.Sum(tensor => tensor.Count), parameters.Sum(tensor => tensor.Bytes),
            parameters.GroupBy(tensor => tensor.Dtype.ToString()).ToDictionary(group => group.Key, group => group.Sum(tensor => tensor.Count)));
    }

    static bool IsWeighty(string part) => part is "unet" or "vae" or "text_encoder" or "text_encoder_2";

    static string ClassOf(string part) => part switch
    {
        "unet" => nameof(UNet2DConditionModel),
        "vae" => nameof(AutoencoderKL),
        "text_encoder_2" => "CLIPTextModelWithProjection",
        _ => "CLIPTextModel",
    };
}
