namespace Lowrank.Training;

/// <summary>A training run, whole: what is trained on what, and how, in sections.</summary>
public sealed class TrainingRecipe
{
    readonly Dictionary<Type, object> sections;

    /// <summary>A recipe in which every field has its default.</summary>
    /// <param name="form">Which fields it has.</param>
    public TrainingRecipe(RecipeForm form) : this(form, Standards(form)) { }

    static Dictionary<Type, object> Standards(RecipeForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.Standards.ToDictionary(section => section.GetType());
    }

    TrainingRecipe(RecipeForm form, Dictionary<Type, object> sections) => (Form, this.sections) = (form, sections);

    /// <summary>Which fields it has.</summary>
    public RecipeForm Form { get; }

    /// <summary>The base model.</summary>
    public ModelSection Model => Get<ModelSection>();

    /// <summary>How which layers are adapted.</summary>
    public NetworkSection Network => Get<NetworkSection>();

    /// <summary>How it learns, and for how long.</summary>
    public OptimizationSection Optimization => Get<OptimizationSection>();

    /// <summary>How it computes.</summary>
    public ComputingSection Computing => Get<ComputingSection>();

    /// <summary>Whether all that is given has to be used.</summary>
    public AccountSection Account => Get<AccountSection>();

    /// <summary>What is written, and where.</summary>
    public SavingSection Saving => Get<SavingSection>();

    /// <summary>A section.</summary>
    /// <typeparam name="TSection">Its record.</typeparam>
    public TSection Get<TSection>() where TSection : class, new() =>
        sections.TryGetValue(typeof(TSection), out var section) ? (TSection)section : Standard<TSection>.Section;

    /// <summary>The recipe with a section changed.</summary>
    /// <typeparam name="TSection">Its record.</typeparam>
    public TrainingRecipe With<TSection>(Func<TSection, TSection> change) where TSection : class, new() =>
        new(Form, new(sections) { [typeof(TSection)] = change(Get<TSection>()) });

    // A section that nobody set, made once: looks at it come with every step.
    static class Standard<TSection> where TSection : class, new()
    {
        public static readonly TSection Section = new();
    }

    /// <summary>What is given and acts on nothing, each with the reason.</summary>
    public IEnumerable<AccountLine> Idle()
    {
        var standard = new TrainingRecipe(Form);
        foreach (var field in Form.Fields)
        {
            if (field.Idle is not { } idle || field.Get(this) == field.Get(standard)) continue;
            if (idle(this) is not { } reason) continue;
            yield return new($"idle_{field.Name}", $"{field.Name} is {field.Get(this)} and is not used: {reason}", true);
        }
        foreach (var stray in Optimization.Strays().Concat(Optimization.Advice())) yield return stray;
    }

    /// <summary>This, if a run can be made of it.</summary>
    /// <exception cref="LowrankException">Lists every value out of its range.</exception>
    public TrainingRecipe Checked()
    {
        var faults = Form.Fields.SelectMany(field => field.Faults(this)).ToList();
        return faults.Count == 0 ? this : throw new LowrankException($"This recipe cannot be trained: {string.Join("; ", faults)}.");
    }
}
