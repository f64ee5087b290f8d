namespace Lowrank.Language;

/// <summary>Which stop string counts where several are complete at once.</summary>
public enum StopChoice
{
    /// <summary>The one that begins first (llama.cpp).</summary>
    BeginsFirst,
    /// <summary>The first of the list (vLLM).</summary>
    ListedFirst,
    /// <summary>The one that ends first (newer vLLM).</summary>
    EndsFirst,
}
