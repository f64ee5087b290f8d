using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>A language model with the adapters of a choice, loaded for a job.</summary>
public sealed class WritingModel : IDisposable
{
    readonly WritingAdapters adapters;

    WritingModel(LanguageModel model, string location, bool addUp) =>
        (Model, adapters) = (model, new(model.Adapters, location, addUp, model));

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>What the adapters are called on the model, in order.</summary>
    public IReadOnlyList<string> Names => adapters.Names;

    /// <summary>Whose chat template it has, where that is not simply its tokenizer's: a sentence each, for who writes messages.</summary>
    public IReadOnlyList<string> TemplateNotes { get; private init; } = [];

    /// <summary>Loads it, and tells what of its files is not used.</summary>
    /// <param name="choice">Which, with which adapters.</param>
    /// <param name="run">Told of it.</param>
    /// <param name="addUp">Whether the adapters work together, or each by itself.</param>
    /// <exception cref="LowrankException">Model, tokenizer or an adapter is missing or damaged, or they do not fit each other.</exception>
    public static WritingModel Load(WritingModelChoice choice, JobRun run, bool addUp = true)
    {
        RefuseOthers(choice.Path);
        WritingAdapters.RefuseModels(choice.Adapters);
        var device = Devices.Named(choice.Device);
        var (tokenizer, templateNotes) = WritingTokenizer.Of(choice, run);
        var loading = run.Begin("loading the model");
        int? tokens = AddedTokens.NeededFor(choice.Path, [.. choice.Adapters.Select(adapter => adapter.Path)]);
        var loaded = new WritingModel(LanguageModel.Load(choice.Path, StorageOf(choice, device), tokenizer, tokens), choice.Path, addUp)
        {
            TemplateNotes = templateNotes,
        };
        try
        {
            foreach (string note in loaded.Model.Notes) run.Say(note);
            loaded.adapters.AddAll(choice, run);
            loading.Done();
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    // Before its tokenizer is looked for: the fault would else be told of that.
    static void RefuseOthers(string path)
    {
        if (!Path.Exists(path))
            throw new LowrankException($"{path} does not exist{NearestFiles.Told(path)}. Give a language model: a folder with " +
                "config.json, weights and a tokenizer, or a GGUF file. `lowrank pull hf:OWNER/NAME` fetches one.");
        GivenModels.Check(path);
        if (File.Exists(path) && Path.GetExtension(path) != ".gguf") _ = LanguageModels.StoredDtype(path);
        if (File.Exists(Path.Combine(path, "model_index.json")))
            throw new LowrankException($"{path} is a model that draws pictures. Give a language model: a folder with config.json, " +
                "weights and a tokenizer, or a GGUF file.");
    }

    // What is kept in 16 bits and cannot be multiplied so is kept wider: else every token would widen every weight.
    internal static Storage? StorageOf(WritingModelChoice choice, Device device)
    {
        if (choice.Precision != "auto") return new(PrecisionNames.Named(choice.Precision).Stored, device);
        if (!Directory.Exists(choice.Path)) return device.type == DeviceType.CPU ? null : new(ScalarType.BFloat16, device);
        var stored = LanguageModels.StoredDtype(choice.Path);
        bool isHalf = stored is ScalarType.Float16 or ScalarType.BFloat16 && device.type == DeviceType.CPU;
        return new(isHalf ? Lowrank.Torch.Precision.FasterOn(Processor.Current).Stored : stored, device);
    }

    /// <summary>Puts one more adapter on the model, at work beside the others.</summary>
    /// <returns>What it is called there.</returns>
    /// <exception cref="LowrankException">It is missing or damaged, or does not fit.</exception>
    public string Add(AdapterChoice adapter, bool allowUnmatched, JobRun run) => adapters.Add(adapter, allowUnmatched, run);

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
