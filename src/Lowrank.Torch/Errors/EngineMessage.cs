namespace Lowrank.Torch;

/// <summary>What libtorch says of an error, without the addresses of its own code that follow.</summary>
static class EngineMessage
{
    /// <summary>The first line of an error's message.</summary>
    public static string Of(Exception error) => error.Message.Split('\n', 2)[0].Trim();
}
