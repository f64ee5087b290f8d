namespace Lowrank.Models;

/// <summary>A language model among base models.</summary>
public sealed class LanguageBase : BaseModel
{
    internal LanguageBase(string location, LanguageNetwork model) => (Location, Model) = (location, model);

    /// <summary>The model.</summary>
    public LanguageNetwork Model { get; }

    /// <inheritdoc/>
    public override string Family => Model.Config.ModelType;

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => Model.Notes;

    /// <inheritdoc/>
    public override ModelDescription Describe() => Model.Describe();

    /// <inheritdoc/>
    public override void Dispose() => Model.Dispose();
}
