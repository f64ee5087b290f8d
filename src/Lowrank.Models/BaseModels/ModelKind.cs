namespace Lowrank.Models;

/// <summary>A kind of base model: how it is told from others, opened and loaded.</summary>
/// <param name="family">What adapters' files call its models, and how they are known to be for them.</param>
public abstract class ModelKind(ModelFamily family)
{
    /// <summary>What adapters' files call its models, and how they are known to be for them.</summary>
    public ModelFamily Family => family;

    /// <summary>Name for people: the family's, unless models have a longer one.</summary>
    public virtual string Title => Family.Title;

    /// <summary>Whether a model of this kind lies at a place. Looks at settings and headers alone.</summary>
    public abstract bool Recognizes(ModelPlace place);

    /// <summary>What a place lacks to be a model of this kind, in sentences; null where there is nothing to say.</summary>
    /// <param name="place">One that is not recognized.</param>
    public virtual string? WhyNot(ModelPlace place) => null;

    /// <summary>Opens a model without loading it: its shapes, and its weights where they lie.</summary>
    /// <param name="place">One that is recognized.</param>
    /// <param name="options">What a single file cannot say of itself.</param>
    /// <exception cref="LowrankException">Settings or weights are missing or unusable.</exception>
    public abstract ModelOutline Outline(ModelPlace place, CheckpointOptions options);

    /// <summary>Whether one model of this kind is meant by its name, as <see cref="Published"/> gives it.</summary>
    public virtual bool HasOnePublished => true;

    /// <summary>The shapes of the published model, without weights; null where no one model of this kind is meant.</summary>
    public virtual ModelOutline? Published() => null;

    /// <summary>Loads a model.</summary>
    /// <param name="place">One that is recognized.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="options">What a single file cannot say of itself.</param>
    /// <exception cref="LowrankException">Settings or weights are missing or unusable.</exception>
    public abstract BaseModel Load(ModelPlace place, Storage storage, CheckpointOptions options);

    /// <summary>Reports on a model without loading it: what its outline tells, unless a kind knows more.</summary>
    /// <param name="place">One that is recognized.</param>
    /// <exception cref="LowrankException">Settings or weights are missing or unusable.</exception>
    public virtual BaseModelReport Inspect(ModelPlace place)
    {
        using var outline = Outline(place, new());
        string layout = place.File is { } file ? $"single file, {file.Container}" : "folder";
        var parts = outline.Describe().Components.Select(component => outline.WeightsOf(component.Name) is { } weights
            ? ComponentReport.Of(component.Name, component.Module.GetName(), weights.File.Path, weights.Tensors)
            : ComponentReport.WithoutWeights(component.Name, component.Module.GetName()));
        return new BaseModelReport(place.Path, layout, Family.Name, Title, [.. parts]);
    }
}
