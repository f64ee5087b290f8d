using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>The adapters of a choice on a language model, told by their names there.</summary>
/// <param name="adapters">The model's.</param>
/// <param name="location">The model's folder or file.</param>
/// <param name="addUp">Whether they work together, or each by itself.</param>
/// <param name="model">The model, where it is one that writes.</param>
sealed class WritingAdapters(ModelAdapters adapters, string location, bool addUp, LanguageModel? model = null)
{
    readonly List<string> names = [];
    readonly List<(string Path, Adapter Adapter)> read = [];
    readonly HashSet<string> told = [];

    /// <summary>What they are called, in order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Puts all on the model, at work together.</summary>
    /// <exception cref="LowrankException">One is missing or damaged, or does not fit.</exception>
    public void AddAll(WritingModelChoice choice, JobRun run)
    {
        string[] odd = [.. AdapterChoice.Idle(choice.Adapters), .. addUp ? AdapterChoice.Repeated(choice.Adapters) : []];
        foreach (string note in odd) run.Say($"{note}.");
        foreach (var adapter in choice.Adapters) Put(adapter, choice.AllowUnmatched, run);
        adapters.SetActive(names);
        TellBases(run);
        bool leftOut = read.Exists(one => one.Adapter.PassedOver.Count > 0);
        if (choice.AllowUnmatched && read.Count > 0 && !leftOut)
            run.Say("`allow unmatched` was not needed: every key of the adapters has its place.");
    }

    /// <summary>Puts one more on the model, at work beside the others.</summary>
    /// <returns>What it is called there.</returns>
    /// <exception cref="LowrankException">It is missing or damaged, or does not fit.</exception>
    public string Add(AdapterChoice adapter, bool allowUnmatched, JobRun run)
    {
        string name = Put(adapter, allowUnmatched, run);
        TellBases(run);
        return name;
    }

    // Each sentence once, whatever comes beside the adapters later.
    void TellBases(JobRun run)
    {
        string[] notes = [.. addUp ? TrainedBases.OfSum(read) : [], .. TrainedBases.OfPrompts(read, location)];
        foreach (string note in notes.Where(told.Add)) run.Say(note);
    }

    string Put(AdapterChoice adapter, bool allowUnmatched, JobRun run)
    {
        string name = FreeName(PlaceName.Of(adapter.Path));
        var attachment = Loaded(adapter, name, allowUnmatched);
        names.Add(name);
        foreach (string note in attachment.Adapter.Notes) run.Say(note);
        foreach (string note in model is null ? [] : Invocations.Unknown(name, model)) run.Say(note);
        if (NothingAdded.Of(adapter.Path) is { } nothing) run.Say(nothing);
        foreach (string unused in PassedOver.Sentences(attachment.Adapter.PassedOver)) run.Say($"{adapter.Path}: not used: {unused}.");
        read.Add((adapter.Path, attachment.Adapter));
        return name;
    }

    /// <summary>Refuses models that are given as adapters, before anything of them is used.</summary>
    /// <exception cref="LowrankException">One is a model's folder.</exception>
    public static void RefuseModels(IEnumerable<AdapterChoice> all)
    {
        foreach (string path in all.Select(adapter => adapter.Path))
        {
            bool mayBeModel = Directory.Exists(path) && !AdapterPlace.IsFolder(path);
            if (mayBeModel && BaseModelInspection.Recognizes(path)) throw IsModel(path);
        }
    }

    static LowrankException IsModel(string path, Exception? error = null) => new(
        $"{path} is a model ({BaseModelInspection.Inspect(path).Title}), not an adapter. A model is given by `model`.", error);

    Attachment Loaded(AdapterChoice adapter, string name, bool allowUnmatched)
    {
        try
        {
            return adapters.Load(adapter.Path, name, adapter.Strength, allowUnmatched);
        }
        catch (LowrankException error) when (BaseModelInspection.Recognizes(adapter.Path))
        {
            throw IsModel(adapter.Path, error);
        }
    }

    // The same file may be given twice, and files of one name from several folders.
    string FreeName(string name)
    {
        string free = name;
        for (int number = 2; adapters.Contains(free); number++) free = $"{name}-{number}";
        return free;
    }
}
