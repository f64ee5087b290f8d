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
    /// <summary>The text of a picture.</summary>
    /// <param name="picture">Its number in the request, from 0.</param>
    /// <param name="place">Which it is of those that are made at once; null says nothing of it.</param>
    /// <param name="isTiled">Whether it was decoded in tiles, where the request leaves that to memory.</param>
    public InfoText Of(int picture, BatchPlace? place = null, bool isTiled = false)
    {
        int row = picture / options.ImagesPerPrompt;
        var (sampler, schedule) = choice.Labels;
        var fields = new List<KeyValuePair<string, string>>();
        Add(InfoLabel.Steps, options.Steps);
        Add(InfoLabel.Sampler, sampler);
        if (schedule is not null) Add(InfoLabel.Schedule, schedule);
        Add(InfoLabel.Guidance, options.GuidanceScale);
        Add(InfoLabel.Seed, Seeds.Text(options.Seeds[options.OneGenerator ? 0 : picture]));
        Add(InfoLabel.Size, $"{size.Width}x{size.Height}");
        Add(InfoLabel.Model, model);
        if (options.ClipSkip > 1) Add(InfoLabel.ClipSkip, options.ClipSkip);
        fields.AddRange(PromptFields());
        fields.AddRange(NetworkFields());
        fields.AddRange(SamplerOptionNames.Written(options.SamplerOptions));
        fields.AddRange(NoiseFields(picture));
        if (options.Start.Strength < 1 || options.Start is not NoiseStart) Add(InfoLabel.Strength, options.Start.Strength);
        if (options.Hires is { } hires) AddHires(hires);
        if (options.Refiner is { } refiner)
        {
            Add(InfoLabel.Refiner, refiner.Model.Name);
            Add(InfoLabel.RefinerSwitch, refiner.SwitchAt);
        }
        if (options.Compat != Compat.None) Add("Compat", options.Compat.Name);
        var tiling = isTiled && options.Tiling == TilingChoice.Auto ? TilingChoice.Always : options.Tiling;
        if (tiling != TilingChoice.Auto && tiling != TilingChoice.Never) Add(TilingChoice.Field, tiling.Text);
        fields.AddRange(options.InfoFields);
        if (place is { Of: > 1 } told) Add(BatchPlace.Field, told.Text);
        Add(InfoLabel.Version, $"lowrank {Version}");
        string prompt = string.Join(' ', options.InfoTags.Prepend(options.Prompts[row]));
        return new InfoText(prompt, options.NegativePrompts?[row] ?? options.NegativePrompt ?? "", fields).Kept();

        void AddHires(HiresOptions hires)
        {
            Add(options.Start is NoiseStart ? InfoLabel.Strength : HiresOptions.StrengthField, hires.Strength);
            if (hires.Sampler is { } other) Add(InfoLabel.HiresSampler, other);
            bool isOther = hires.Sampler is not null || hires.Schedule is not null;
            if (isOther && choice.OfSecondPass(hires).Labels.Schedule is { } spaced) Add(InfoLabel.HiresSchedule, spaced);
            if (hires.Prompt is { } said) Add(InfoLabel.HiresPrompt, said);
            Add(InfoLabel.HiresScale, hires.Scale);
            if (hires.Steps is { } steps) Add(InfoLabel.HiresSteps, steps);
            Add(InfoLabel.HiresUpscaler, hires.Upscaler);
        }

        void Add(string field, object value) => fields.Add(new(field, Convert.ToString(value, CultureInfo.InvariantCulture)!));
    }

    // Plain words are told where the program has signs.
    IEnumerable<KeyValuePair<string, string>> PromptFields()
    {
        bool isTold = options.Encoding is PlainEncoding && !options.WritesAsProgram;
        if (isTold) yield return new(PromptEncoding.Field, PlainEncoding.Name);
        foreach (var field in options.Encoding.InfoFields.Concat(options.Syntax.InfoFields)) yield return field;
    }

    // What the network is told otherwise than usual, and how its answers are guided.
    IEnumerable<KeyValuePair<string, string>> NetworkFields()
    {
        if (options.MaxTokens != GenerateOptions.UsualMaxTokens && options.Encoding is PlainEncoding)
            yield return new("Max tokens", options.MaxTokens.ToString(CultureInfo.InvariantCulture));
        if (options.DowncastsAlphas) yield return new(NoiseSchedule.DowncastField, "True");
        if (options.ZeroTerminalSnr) yield return new(NoiseSchedule.StretchedField, NoiseSchedule.ZeroTerminalLabel);
        foreach (var field in options.GuidanceFields) yield return field;
    }

    // As AUTOMATIC1111 names them; no source means torch's of the CPU in a text of ours.
    IEnumerable<KeyValuePair<string, string>> NoiseFields(int picture)
    {
        var variation = options.Variation.For([picture]);
        if (variation.Strength != 0)
        {
            yield return new(InfoLabel.VariationSeed, Seeds.Text(variation.Seeds.ElementAtOrDefault(0)));
            yield return new(InfoLabel.VariationStrength, PlainValue.Text(variation.Strength));
        }
        if (options.Part is { } part) yield return new(BatchPart.Field, part.TextOf(picture));
        if (variation.ResizeFrom is var (width, height)) yield return new(InfoLabel.SeedResize, $"{width}x{height}");
        if (variation.SeedDelta != 0) yield return new(InfoLabel.SeedDelta, variation.SeedDelta.ToString(CultureInfo.InvariantCulture));
        if (options.NoiseSource != NoiseSources.Cpu) yield return new(InfoLabel.NoiseSource, options.NoiseSource.Label);
    }

    static string? Version =>
        typeof(PictureInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
