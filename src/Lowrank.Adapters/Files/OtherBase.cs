namespace Lowrank.Adapters;

/// <summary>Tells of an adapter that does not fit a model for which other model it looks made: by names, sizes and metadata.</summary>
public static class OtherBase
{
    /// <summary>
    /// "It looks like an adapter for Llama with 32 layers of width 4096 (...), and the model is GPT-2 with 12 layers of width 768."; null
    /// where neither names nor sizes are of another model.
    /// </summary>
    /// <param name="file">An adapter that does not fit.</param>
    /// <param name="model">The model at hand.</param>
    public static string? Told(ITensorFile file, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(model);
        var family = FamilyGuess.Other(file, model);
        var (made, own) = (ModelSizes.Of(file), ModelSizes.Of(model));
        bool isOfOtherSize = made is not null && own is not null && !made.CouldBeOf(own);
        if (family is null && !isOfOtherSize) return null;
        string looks = family?.Title ?? "a model";
        string trained = file.Metadata.GetValueOrDefault(PeftCarriedFields.Base) is { Length: > 0 } name
            ? $" (by its settings: {name})" : "";
        return $"It looks like an adapter for {looks}{With(made)}{trained}, and the model is {model.Family.Title}{With(own)}.";
    }

    static string With(ModelSizes? sizes) => sizes is null ? "" : $" with {sizes}";
}
