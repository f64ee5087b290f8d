namespace Lowrank.Torch;

/// <summary>What libtorch says of an error, without the addresses of its own code that follow.</summary>
static class EngineMessage
{
    const string Freed = "Tensor invalid -- empty handle.";

    /// <summary>The first line of an error's message; of a tensor that is gone, what that means.</summary>
    public static string Of(Exception error)
    {
        string first = error.Message.Split('\n', 2)[0].Trim();
        return first == Freed ? "a tensor that is still needed was freed: is an adapter or a model disposed of too early?" : first;
    }
}
