namespace Lowrank.Torch;

/// <summary>A model that takes virtual tokens: the seat of adapters that change what a model is given and no weight.</summary>
public interface IPromptedModel
{
    /// <summary>What virtual tokens must look like.</summary>
    PromptShape PromptShape { get; }

    /// <summary>Who gives them to the calls of a model; null for none.</summary>
    IPromptHost? Prompts { get; set; }
}
