using System.Globalization;
using System.Reflection;

namespace Lowrank.Diffusion;

/// <summary>Writes how pictures of a request were made.</summary>
/// <param name="options">The request, with all its seeds.</param>
/// <param name="choice">Sampler and schedule.</param>
/// <param name="size">Width and height in pixels.</param>
/// <param name="model">The model's name.</param>
sealed class PictureInfo(GenerateOptions options, SamplingChoice choice, (int Width, int Height) size, string model)
{
    /// <summary>The text of a picture by its number in the request.</summary>
    public InfoText Of(int picture)
    {
        int row = picture / options.ImagesPerPrompt;
        var (sampler, schedule) = choice.Labels;
        var fields = new List<KeyValuePair<string, string>>();
        Add("Steps", options.Steps);
        Add("Sampler", sampler);
        if (schedule is not null) Add("Schedule type", schedule);
        Add("CFG scale", options.GuidanceScale);
        Add("Seed", Seeds.Text(options.Seeds[options.OneGenerator ? 0 : picture]));
        Add("Size", $"{size.Width}x{size.Height}");
        Add("Model", model);
        if (options.ClipSkip > 1) Add("Clip skip", options.ClipSkip);
        fields.AddRange([.. options.Encoding.InfoFields, .. options.Syntax.InfoFields]);
        fields.AddRange(SamplerOptionNames.Written(options.SamplerOptions));
        fields.AddRange(NoiseFields(picture));
        fields.AddRange(options.InfoFields);
        Add("Version", $"lowrank {Version}");
        string prompt = string.Join(' ', options.InfoTags.Prepend(options.Prompts[row]));
        return new InfoText(prompt, options.NegativePrompts?[row] ?? options.NegativePrompt ?? "", fields);

        void Add(string field, object value) => fields.Add(new(field, Convert.ToString(value, CultureInfo.InvariantCulture)!));
    }

    // As AUTOMATIC1111 names them; no source means torch's of the CPU in a text of ours.
    IEnumerable<KeyValuePair<string, string>> NoiseFields(int picture)
    {
        var variation = options.Variation.For([picture]);
        if (variation.Strength != 0)
        {
            yield return new("Variation seed", Seeds.Text(variation.Seeds.ElementAtOrDefault(0)));
            yield return new("Variation seed strength", PlainValue.Text(variation.Strength));
        }
        if (variation.ResizeFrom is var (width, height)) yield return new("Seed resize from", $"{width}x{height}");
        if (variation.SeedDelta != 0) yield return new("ENSD", variation.SeedDelta.ToString(CultureInfo.InvariantCulture));
        if (options.NoiseSource != NoiseSources.Cpu) yield return new("RNG", options.NoiseSource.Label);
    }

    static string? Version =>
        typeof(PictureInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
