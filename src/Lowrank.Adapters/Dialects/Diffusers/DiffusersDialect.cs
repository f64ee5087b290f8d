namespace Lowrank.Adapters;

/// <summary>
/// diffusers' files since 0.22: PEFT's parts behind the component's name; what PEFT would tell in its configuration stands in the metadata.
/// </summary>
/// <remarks>Without that metadata every alpha is the rank. Source: diffusers 0.42.1, loaders.</remarks>
sealed class DiffusersDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "diffusers";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new DiffusersSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = new DiffusersLayout();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new DiffusersPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(IsFactor);

    static bool IsFactor(string key)
    {
        bool hasFactor = key.Contains(".lora_A.", StringComparison.Ordinal) || key.Contains(".lora_B.", StringComparison.Ordinal);
        return hasFactor && !PeftSpelling.Begins(key) && !ComfyUiSpelling.Begins(key) && !KohyaDialect.Begins(key);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => DiffusersSettings.Of(file).Faults;

    /// <inheritdoc/>
    public override IEnumerable<PassedOver> PassesOver(ITensorFile file) =>
        DiffusersSettings.Of(file).Components.Values.SelectMany(config => config.NotUnderstood()).Distinct();
}
