namespace Lowrank.Models;

/// <summary>Looks into a single-file checkpoint without loading weights.</summary>
static class CheckpointInspection
{
    /// <summary>Reports on a checkpoint that is open, and stays so.</summary>
    /// <exception cref="LowrankException">It is none.</exception>
    internal static BaseModelReport Inspect(ModelPlace place)
    {
        var checkpoint = ModelCheckpoint.Of(place);
        var kind = checkpoint.Kind;
        var noise = checkpoint.Noise(out string? guess);
        var notes = checkpoint.Stored.Notes.ToList();
        if (guess is not null) notes.Add(guess);
        // A part whose shape cannot be told is reported without it: what is wrong with it is what one inspects for.
        var unet = kind.Parts.Contains("unet") ? OrNoted(() => checkpoint.UNetConfig, notes) : null;
        var vae = kind.Parts.Contains("vae") ? OrNoted(() => checkpoint.VaeConfig, notes) : null;
        bool placed = OrNoted(() => checkpoint.Unknown, notes) is not null;
        notes.AddRange(Missing(kind));
        var parts = kind.Parts.Select(part => placed
            ? Placed(part, checkpoint)
            : ComponentReport.WithoutWeights(part, ClassOf(part), place.Path));
        return new BaseModelReport(
            place.Path,
            $"single file, {checkpoint.Container}",
            kind.Family,
            kind.Title,
            FolderParts.PipelineOf(kind.Family, kind.Inpainting),
            noise.Prediction,
            unet is not null && vae is not null ? unet.SampleSize * vae.Factor : null,
            vae?.ScalingFactor,
            unet?.CrossAttentionChannels,
            kind.Inpainting,
            kind.HoldsAverages,
            [.. parts],
            placed ? checkpoint.Unused : [],
            placed ? checkpoint.Unknown : [],
            [.. notes.Distinct()])
        {
            EndsInNoise = noise.RescaleBetasZeroSnr,
        };
    }

    static IEnumerable<string> Missing(CheckpointKind kind)
    {
        string[] missing = [.. FolderParts.All(kind.Family).Except(kind.Parts)];
        if (missing.Length > 0)
            yield return $"It lacks {string.Join(", ", missing)}, " +
                "which a diffusers folder must give when it is loaded (CheckpointOptions.Config).";
    }

    static ComponentReport Placed(string part, ModelCheckpoint checkpoint)
    {
        using var file = checkpoint.Part(part);
        return PartInspection.Of(part, ClassOf(part), file);
    }

    static string ClassOf(string part) => part switch
    {
        "unet" => nameof(UNet2DConditionModel),
        "vae" => nameof(AutoencoderKL),
        "text_encoder_2" => "CLIPTextModelWithProjection",
        _ => "CLIPTextModel",
    };

    static T? OrNoted<T>(Func<T> find, List<string> notes) where T : class
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
