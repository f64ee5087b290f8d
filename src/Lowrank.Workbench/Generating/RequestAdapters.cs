namespace Lowrank.Workbench;

/// <summary>
/// The adapters of a request and the words that its prompts say, in its base and in a refiner of the same family until this is disposed
/// of.
/// </summary>
sealed class RequestAdapters : IDisposable
{
    readonly List<TaughtWords> words = [];
    readonly List<AttachedAdapters> each = [];

    /// <summary>Reads and attaches them.</summary>
    /// <param name="models">The models.</param>
    /// <param name="request">The request.</param>
    /// <param name="prompts">Its prompts, read.</param>
    /// <param name="shelf">Where adapters are kept for who attaches them next.</param>
    /// <exception cref="LowrankException">One does not fit a model; the models are left as they were.</exception>
    public RequestAdapters(DrawingModels models, GeneratingRequest request, ReadPrompts prompts, AdapterShelf shelf)
    {
        AdapterChoice[] choices = [.. request.Adapters, .. prompts.Adapters];
        try
        {
            if (request.Reading.Words is { } folder)
                words = AllOrNone.Open(models.Alike, model => new TaughtWords(model, folder, [.. prompts.Texts(request.Options)]));
            each = AllOrNone.Open(models.Alike, model => new AttachedAdapters(model, choices, request.ModelOptions.AllowUnmatched, shelf));
        }
        catch
        {
            Dispose();
            throw;
        }
        bool attachesAny = choices.Length > 0 || words.Exists(taught => taught.Names.Count > 0);
        LeavesRefiner = attachesAny && models.Refiner is not null && models.Alike.Count == 1;
    }

    /// <summary>The adapters of the base model.</summary>
    public AttachedAdapters Base => each[0];

    /// <summary>The words that the base model was taught; null where there is no folder of them.</summary>
    public TaughtWords? Words => words.FirstOrDefault();

    /// <summary>Whether there is a refiner that gets nothing of it.</summary>
    public bool LeavesRefiner { get; }

    /// <inheritdoc cref="AttachedAdapters.Use"/>
    public void Use(IReadOnlyList<TaggedAdapter> named, int given) => each.ForEach(adapters => adapters.Use(named, given));

    /// <inheritdoc cref="AttachedAdapters.Begin"/>
    public void Begin(int step, int steps) => each.ForEach(adapters => adapters.Begin(step, steps));

    /// <inheritdoc/>
    public void Dispose()
    {
        each.ForEach(adapters => adapters.Dispose());
        words.ForEach(taught => taught.Dispose());
    }
}
