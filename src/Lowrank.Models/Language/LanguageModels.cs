namespace Lowrank.Models;

/// <summary>The way into language models on the disk: folders, and GGUF files.</summary>
/// <example><code>
/// using var model = LanguageModels.Load&lt;CausalModel&gt;("models/SmolLM2-135M");
/// using var small = LanguageModels.Load&lt;CausalModel&gt;("models/SmolLM2-135M.Q4_K_M.gguf");
/// </code></example>
public static class LanguageModels
{
    /// <summary>A model with the weights of a folder that holds config.json and safetensors or .bin files, whole or in shards, or of a GGUF
    /// file. Matrices in few bits stay so.</summary>
    /// <param name="folder">The folder, or the GGUF file.</param>
    /// <param name="storage">Where and in which dtype weights are kept; null keeps them as stored, on the CPU.</param>
    /// <param name="className">Another class of the family than config.json names: a body without the head that it was saved with.</param>
    /// <param name="tokens">How many tokens its tables are to have rows for, where an adapter brings tokens that were added; null takes
    /// those that it has.</param>
    /// <exception cref="LowrankException">
    /// The config lacks fields or is of no family that is known; a file or tensor is missing, left over or misshapen. All is told before
    /// anything is made: no weight is ever a random one.
    /// </exception>
    public static LanguageNetwork Load(string folder, Storage? storage = null, string? className = null, int? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var opened = LanguageFolder.Open(folder, className);
        if (tokens is { } all) opened.Grow(all);
        return Load(opened, storage ?? new Storage(opened.StoredDtype()));
    }

    /// <summary>A classifier of a folder, which may hold another model over the same body: its head is then zeros, until an adapter
    /// brings one (<see cref="LanguageNetwork.LacksHead"/>).</summary>
    /// <param name="folder">The folder, or the GGUF file.</param>
    /// <param name="labels">The classes where it was not saved as a classifier; one alone is a score.</param>
    /// <param name="storage">As of <see cref="Load(string, Storage?, string?, int?)"/>.</param>
    /// <exception cref="LowrankException">As above, or its family has no classifier.</exception>
    public static LanguageNetwork LoadClassifier(string folder, IReadOnlyList<string> labels, Storage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var opened = LanguageFolder.OpenClassifier(folder, labels);
        return Load(opened, storage ?? new Storage(opened.StoredDtype()));
    }

    /// <summary>A model with a head for training, over the body of whatever was saved. Where the folder has no such head, or one of another
    /// size, of another class of models or of other labels, the head is zeros (<see cref="LanguageNetwork.LacksHead"/>), which whoever
    /// trains it has to begin otherwise.</summary>
    /// <remarks>Labels without names (numbers, LABEL_0) agree with any.</remarks>
    /// <param name="folder">The folder, or the GGUF file.</param>
    /// <param name="head">Which head.</param>
    /// <param name="labels">Names of the classes, in order; one alone is a score. Of spans none.</param>
    /// <param name="storage">As of <see cref="Load(string, Storage?, string?, int?)"/>.</param>
    /// <exception cref="LowrankException">As above, or its family has no such model.</exception>
    public static LanguageNetwork LoadHeaded(string folder, ModelHead head, IReadOnlyList<string> labels, Storage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(labels);
        using var opened = LanguageFolder.OpenHeaded(folder, head, labels);
        return Load(opened, storage ?? new Storage(opened.StoredDtype()));
    }

    /// <summary>Names of the classes that a folder's own head tells apart, in order; null where it was saved with another head, or
    /// none.</summary>
    /// <param name="folder">The folder, or the GGUF file.</param>
    /// <param name="head">Which head.</param>
    /// <exception cref="LowrankException">As above.</exception>
    public static IReadOnlyList<string>? SavedLabels(string folder, ModelHead head)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var opened = LanguageFolder.Open(folder);
        return opened.Task.Class == opened.Config.Class && LanguageFolder.Has(opened.Task, head) ? opened.Config.Labels : null;
    }

    /// <summary>The dtype in which most of a folder's weights are stored: what they are loaded in where nobody says.</summary>
    /// <exception cref="LowrankException">As above.</exception>
    public static ScalarType StoredDtype(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var opened = LanguageFolder.Open(folder);
        return opened.StoredDtype();
    }

    /// <summary>The same, of a certain kind.</summary>
    /// <typeparam name="TModel"><see cref="CausalModel"/>, <see cref="ScoreModel"/>, ...</typeparam>
    /// <param name="folder">The folder, or the GGUF file.</param>
    /// <param name="storage">Where and in which dtype weights are kept; null keeps them as stored, on the CPU.</param>
    /// <param name="className">Another class of the family than config.json names: a body without the head that it was saved with.</param>
    /// <param name="tokens">How many tokens its tables are to have rows for, where an adapter brings tokens that were added; null takes
    /// those that it has.</param>
    /// <exception cref="LowrankException">The folder holds a model of another kind, or as above.</exception>
    public static TModel Load<TModel>(string folder, Storage? storage = null, string? className = null, int? tokens = null)
        where TModel : LanguageNetwork
    {
        var model = Load(folder, storage, className, tokens);
        if (model is TModel wanted) return wanted;
        string name = model.GetName(), kind = Words(model.GetType());
        model.Dispose();
        throw new LowrankException($"{folder} holds a {name}, {kind}, and {Words(typeof(TModel))} is wanted.");
    }

    static string Words(Type kind) => kind.Name switch
    {
        nameof(CausalModel) => "a model that writes",
        nameof(ScoreModel) or nameof(ClassifierModel) => "a classifier",
        nameof(TokenClassifierModel) => "a classifier of tokens",
        nameof(AnswerModel) => "a model that finds answers",
        nameof(MaskedModel) => "a model of masked words",
        nameof(BodyModel) => "an encoder without a head",
        nameof(SequenceToSequenceModel) => "a model that reads one text and writes another",
        _ => "another language model",
    };

    internal static LanguageNetwork Load(LanguageFolder folder, Storage storage)
    {
        EngineCure.Require();
        var (model, plan) = folder.Build(storage);
        try
        {
            plan.Fill();
            model.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
