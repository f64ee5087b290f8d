namespace Lowrank.Language;

/// <summary>What is held back while text is streamed, so that no part of a stop string gets out.</summary>
public enum StopHoldBack
{
    /// <summary>An end that begins a stop string, and nothing before it.</summary>
    Beginning,
    /// <summary>All that was not sent yet, where its end begins a stop string (llama.cpp's server).</summary>
    Unsent,
    /// <summary>Always one character less than the longest stop string has (vLLM).</summary>
    Longest,
}
