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
        if (OfPrompt(file, model) is { } prompt) return prompt;
        var (made, own) = (ModelSizes.Of(file), ModelSizes.Of(model));
        bool isOfOtherSize = made is not null && own is not null && !made.CouldBeOf(own);
        if (family is null && !isOfOtherSize) return null;
        string looks = family?.Title ?? "a model";
        return $"It looks like an adapter for {looks}{With(made)}{Trained(file)}, and the model is {model.Family.Title}{With(own)}.";
    }

    static string Trained(ITensorFile file) =>
        file.Metadata.GetValueOrDefault(PeftCarriedFields.Base) is { Length: > 0 } name ? $" (by its settings: {name})" : "";

    // Virtual tokens have no names of layers: their widths tell.
    static string? OfPrompt(ITensorFile file, ModelDescription model)
    {
        var seat = model.Components.Select(component => component.Module).OfType<IPromptedModel>().FirstOrDefault();
        if (seat is null || Dialects.Recognizing(file) is not [var dialect, ..] || dialect.PromptIn(file) is not { } prompt) return null;
        var shape = seat.PromptShape;
        long keys = shape.KeyHeads * shape.HeadWidth;
        bool isPrefix = prompt.Kind == PromptKind.Prefix;
        bool fits = isPrefix ? prompt.Width == 2L * shape.Layers * keys : prompt.Width == shape.Width;
        if (fits) return null;
        string own = isPrefix ? Keys(shape.Layers, keys) : Tokens(shape.Width);
        string looks = $"It looks like an adapter for a model with {Made(prompt)}{Trained(file)}";
        return $"{looks}, and the model is {model.Family.Title} with {own}.";
    }

    static string Made(InspectedPrompt prompt)
    {
        if (prompt.Kind != PromptKind.Prefix) return Tokens(prompt.Width);
        bool isTold = prompt.KeyWidth is not null;
        return isTold ? Keys(prompt.Layers!.Value, prompt.KeyWidth!.Value) : $"prefixes of {PlainValue.Text(prompt.Width)} numbers a token";
    }

    static string Tokens(long width) => $"tokens of width {PlainValue.Text(width)}";

    static string Keys(int layers, long width) => $"{layers} layers with keys of width {PlainValue.Text(width)}";

    static string With(ModelSizes? sizes) => sizes is null ? "" : $" with {sizes}";
}
