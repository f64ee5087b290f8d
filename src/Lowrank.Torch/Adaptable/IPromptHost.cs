namespace Lowrank.Torch;

/// <summary>Gives a model its virtual tokens.</summary>
public interface IPromptHost
{
    /// <summary>Those of the call under way; null for none. What it makes belongs to the caller's scope.</summary>
    VirtualTokens? Now();
}
