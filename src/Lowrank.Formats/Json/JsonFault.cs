using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>What is said to people of a text that is no JSON.</summary>
public static class JsonFault
{
    /// <summary>The place, counted from 1, and what is wrong there: <c>line 3, byte 5: ...</c>; of any other error its own words.</summary>
    public static string Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (error is not JsonException { LineNumber: { } line, BytePositionInLine: { } at }) return error.Message;
        string words = error.Message.Split(" LineNumber:")[0];
        return $"line {line + 1}, byte {at + 1}: {words}";
    }
}
