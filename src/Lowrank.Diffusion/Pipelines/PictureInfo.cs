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
        fields.AddRange(options.InfoFields);
        Add("Version", $"lowrank {Version}");
        string prompt = string.Join(' ', options.InfoTags.Prepend(options.Prompts[row]));
        return new InfoText(prompt, options.NegativePrompts?[row] ?? options.NegativePrompt ?? "", fields);

        void Add(string field, object value) => fields.Add(new(field, Convert.ToString(value, CultureInfo.InvariantCulture)!));
    }

    static string? Version =>
        typeof(PictureInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
