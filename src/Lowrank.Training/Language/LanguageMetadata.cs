using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lowrank.Training;

/// <summary>What the files of a run on texts tell of it, and what lies beside them.</summary>
static class LanguageMetadata
{
    /// <summary>Facts of base, rows and progress, and what the recipe's fields tell.</summary>
    public static IReadOnlyDictionary<string, string> Of(
        TrainingRecipe recipe, LanguageModel model, int rows, RunProgress progress)
        => Of(recipe, model.Network, model.Location, model.Loaded, rows, progress);

    /// <summary>The same of a model that may have a head.</summary>
    public static Dictionary<string, string> Of(
        TrainingRecipe recipe, LanguageNetwork network, string location, LoadedTokenizer loaded, int rows, RunProgress progress)
    {
        var config = network.Config;
        var metadata = new Dictionary<string, string>
        {
            ["base_model_name_or_path"] = recipe.Model.BaseModel,
            ["task_type"] = "CAUSAL_LM",
            ["lowrank_objective"] = Objectives.Named(recipe.Language.Objective).Name,
            ["lowrank_steps"] = $"{PlainValue.Text(progress.Step)} of {PlainValue.Text(progress.TotalSteps)}",
            ["lowrank_rows"] = PlainValue.Text(rows),
            ["lowrank_context"] = PlainValue.Text(config.MaxPositions),
            ["lowrank_template"] = TemplateOf(loaded),
        };
        foreach (var (field, text) in RopeOf(location)) metadata[$"lowrank_{field}"] = text;
        foreach (var (key, text) in RecipeMetadata.Of(recipe)) metadata[key] = text;
        return metadata;
    }

    // How the base turned positions: who reads the adapter over a base that turns them otherwise can tell. A single file tells it itself.
    static IEnumerable<KeyValuePair<string, string>> RopeOf(string folder)
    {
        string config = Path.Combine(folder, "config.json");
        if (!File.Exists(config)) yield break;
        using var read = JsonDocument.Parse(File.ReadAllText(config));
        foreach (string field in new[] { "rope_theta", "rope_scaling", "rope_parameters" })
            if (read.RootElement.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null)
                yield return new(field, value.GetRawText());
    }

    // Which template the rows were written by: two of one text are the same.
    static string TemplateOf(LoadedTokenizer loaded)
    {
        var templates = loaded.ChatTemplates.OrderBy(one => one.Key, StringComparer.Ordinal);
        string all = string.Join('\0', templates.Select(one => $"{one.Key}\0{one.Value}"));
        return all.Length == 0 ? "none" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }

    /// <summary>The <c>modelspec</c> facts, for files that hold an adapter by themselves.</summary>
    public static ModelSpec Spec(TrainingRecipe recipe, LanguageNetwork network, RunProgress progress) => new()
    {
        Family = network.Describe().Family,
        Title = recipe.Saving.Name,
        Resolution = (0, 0),
        Date = progress.StartedAt.LocalDateTime,
    };

    /// <summary>Tells where the tokenizer stays, if it cannot lie beside an adapter.</summary>
    public static void TellTokenizer(LanguageModel model, Account account)
    {
        if (!model.Loaded.Files.Any(HoldsWeights)) return;
        account.Takes("tokenizer", $"tokenizer and chat template stay in {model.Location}: none of their own lie beside the adapter");
    }

    static bool HoldsWeights(string file) => Path.GetExtension(file) == ".gguf";

    /// <summary>Puts the tokenizer, as it was used, into an adapter's folder.</summary>
    public static void PutTokenizer(LoadedTokenizer loaded, string folder)
    {
        if (!Directory.Exists(folder)) return;
        // A file that holds weights too is not the tokenizer's own.
        foreach (string file in loaded.Files.Where(file => File.Exists(file) && !HoldsWeights(file)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
    }
}
