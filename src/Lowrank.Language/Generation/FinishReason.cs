namespace Lowrank.Language;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>The model wrote an end token.</summary>
    EndToken,
    /// <summary>It wrote a stop string.</summary>
    StopString,
    /// <summary>It has as many tokens as were asked for at most.</summary>
    MaxTokens,
    /// <summary>Prompt and text fill the rows that the model was made for.</summary>
    ContextFull,
    /// <summary>The time was over.</summary>
    MaxTime,
    /// <summary>It was stopped from outside.</summary>
    Stopped,
}
