using System.Globalization;
using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>What an adapter's metadata tell of its training, for people: kohya's <c>ss_*</c> and modelspec's.</summary>
/// <param name="Title">Its title.</param>
/// <param name="TriggerPhrase">What its maker says to write in a prompt.</param>
/// <param name="Tags">Tags of the captions with how often they stood there, most first.</param>
/// <param name="Folders">Folders of training pictures: name, repeats, pictures.</param>
/// <param name="BaseModel">The base model's name.</param>
/// <param name="BaseVersion">The base model's version: "sd_v1", "sdxl_base_v1-0".</param>
/// <param name="Steps">Steps that were taken.</param>
/// <param name="Epochs">Epochs that were trained.</param>
/// <param name="Pictures">Pictures in an epoch, repeats counted.</param>
/// <param name="Resolution">Size of pictures, as written.</param>
/// <param name="LearningRate">Learning rate, as written.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Finished">When it ended.</param>
/// <param name="Comment">What its trainer says.</param>
public sealed record TrainingFacts(
    string? Title,
    string? TriggerPhrase,
    IReadOnlyList<TagCount> Tags,
    IReadOnlyList<string> Folders,
    string? BaseModel,
    string? BaseVersion,
    int? Steps,
    int? Epochs,
    int? Pictures,
    string? Resolution,
    string? LearningRate,
    string? Optimizer,
    DateTimeOffset? Finished,
    string? Comment)
{
    /// <summary>The facts in metadata; null where there are none.</summary>
    public static TrainingFacts? Of(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.Keys.Any(TellsOfTraining)) return null;
        return new(
            Text("modelspec.title") ?? Text("ss_output_name"),
            Text("modelspec.trigger_phrase"),
            TagsOf(Text("ss_tag_frequency")),
            FoldersOf(Text("ss_dataset_dirs")),
            Text("ss_sd_model_name"),
            Text("ss_base_model_version"),
            Number("ss_steps"),
            Number("ss_num_epochs"),
            Number("ss_num_train_images"),
            Text("modelspec.resolution") ?? Text("ss_resolution"),
            Text("ss_learning_rate"),
            Text("ss_optimizer"),
            TimeOf(Text("ss_training_finished_at")),
            Text("ss_training_comment"));

        string? Text(string key) =>
            metadata.TryGetValue(key, out var value) && value is not ("" or "None" or "null") ? value : null;

        int? Number(string key) =>
            int.TryParse(Text(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    static bool TellsOfTraining(string key) =>
        key.StartsWith("ss_", StringComparison.Ordinal) || key.StartsWith("modelspec.", StringComparison.Ordinal);

    // Seconds since 1970; what lies further off than a thousand years is no time.
    static DateTimeOffset? TimeOf(string? text)
    {
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        return isNumber && seconds is > 0 and < 1e11 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
    }

    // {folder: {tag: count}}; newer files hold a list of data sets elsewhere and this as before.
    static List<TagCount> TagsOf(string? json) => Objects(json)
        .SelectMany(folder => folder.Value.ValueKind == JsonValueKind.Object ? folder.Value.EnumerateObject().AsEnumerable() : [])
        .Where(tag => tag.Value.ValueKind == JsonValueKind.Number && tag.Value.TryGetInt32(out _))
        .GroupBy(tag => tag.Name.Trim())
        .Where(tag => tag.Key.Length > 0)
        .Select(tag => new TagCount(tag.Key, tag.Sum(t => (long)t.Value.GetInt32())))
        .OrderByDescending(tag => tag.Count)
        .ThenBy(tag => tag.Tag, StringComparer.Ordinal)
        .ToList();

    static List<string> FoldersOf(string? json) => [.. Objects(json).Select(folder => FolderOf(folder.Name, folder.Value))];

    static string FolderOf(string name, JsonElement told)
    {
        if (told.ValueKind != JsonValueKind.Object) return name;
        if (!told.TryGetProperty("img_count", out var images) || !told.TryGetProperty("n_repeats", out var repeats)) return name;
        return $"{name} ({images} pictures, {repeats} times)";
    }

    // Text of other programs: what is no object tells nothing.
    static List<(string Name, JsonElement Value)> Objects(string? json)
    {
        if (json is null) return [];
        try
        {
            using var document = StrictJson.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return [];
            return [.. document.RootElement.EnumerateObject().Select(property => (property.Name, property.Value.Clone()))];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

/// <summary>A tag and how often it stood in captions.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Count">How often.</param>
public sealed record TagCount(string Tag, long Count);
